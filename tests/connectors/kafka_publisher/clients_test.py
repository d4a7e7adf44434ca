"""What other people's clients read from a real broker: kcat and the Python package, Kafka's own console consumer, the page's examples.

Environment: O2C_PUBLISHING (program), O2C_KAFKA_TOOL, O2C_KAFKA_DIR (a broker that runs), O2C_README, PYTHONPATH with o2c_events.
"""

import collections
import decimal
import json
import os
import pathlib
import re
import secrets
import struct
import subprocess
import sys
import tempfile
import unittest

from o2c_events import Deduplicator, Record, follow, minor_to_decimal

PUBLISHING = os.environ["O2C_PUBLISHING"]
KAFKA_TOOL = os.environ["O2C_KAFKA_TOOL"]
SERVERS = pathlib.Path(os.environ["O2C_KAFKA_DIR"], "bootstrap.servers").read_text(encoding="utf-8").strip()
README = pathlib.Path(os.environ["O2C_README"])
SECONDS = 60


def kcat(topic: str, form: str, *more: str) -> bytes:
    command = ["kcat", "-q", "-b", SERVERS, "-t", topic, "-C", "-o", "beginning", "-e", "-f", form, *more]
    return subprocess.run(command, check=True, capture_output=True, timeout=SECONDS).stdout


def records_of(topic: str) -> list[Record]:
    """Partition, offset, headers and value, the length of the value before it: values may hold anything."""
    left, records = kcat(topic, "%p\t%o\t%h\t%R%s"), []
    while left:
        partition, offset, headers, left = left.split(b"\t", 3)
        (size,) = struct.unpack(">i", left[:4])
        named = (header.split(b"=", 1) for header in headers.split(b","))
        value, left = left[4 : 4 + size], left[4 + size :]
        records.append(Record(int(partition), int(offset), None, value, [(name.decode(), text) for name, text in named]))
    return records


def last_rows(topic: str) -> list[dict]:
    rows = {}
    for line in kcat(topic, "%k\t%s\n", "-Z").decode().splitlines():
        key, value = line.split("\t", 1)
        rows[key] = None if value == "NULL" else json.loads(value)
    return [row for row in rows.values() if row]


class GivenPublishedBooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        books = os.path.join(folder.name, "books")
        subprocess.run([PUBLISHING, "keep", books, "2026", "250"], check=True, timeout=SECONDS)
        cls.prefix = "o2c-test-" + secrets.token_hex(8)
        publisher = subprocess.Popen(
            [PUBLISHING, "publish", books, SERVERS, cls.prefix], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(publisher.__exit__, None, None, None)
        assert publisher.stdout.readline() == "live\n"

    def topic(self, name: str) -> str:
        return f"{self.prefix}.{name}.v1"

    def events(self, name: str) -> list:
        found = sorted(records_of(self.topic(name)), key=lambda record: (record.partition, record.offset))
        return list(follow(found, Deduplicator(from_start=True)))

    def test_when_kcat_reads_then_the_package_gives_each_event_the_same_in_both_forms(self):
        binary, structured = self.events("events"), self.events("events.json")
        self.assertGreater(len(binary), 250)
        self.assertEqual([event.id for event in binary], [event.id for event in structured])
        self.assertEqual([event.body for event in binary], [event.body for event in structured])

    def test_when_events_are_added_up_then_the_state_rows_say_the_same(self):
        balance = collections.defaultdict(decimal.Decimal)
        orders = 0
        for event in self.events("events"):
            body = event.body
            orders += event.type == "order_created"
            if event.type in ("invoice_issued", "invoice_reversed"):
                amount = minor_to_decimal(body["total_with_tax_minor"], body["currency"])
                balance[event.company, body["currency"]] += amount if event.type == "invoice_issued" else -amount
            elif event.type in ("receipt_recorded", "receipt_returned", "receipt_refunded"):
                amount = body["amount"].amount
                balance[event.company, body["amount"].currency] += -amount if event.type == "receipt_recorded" else amount
        rows = collections.defaultdict(decimal.Decimal)
        for row in last_rows(self.topic("open-items.state")):
            rows[row["company"], row["currency"]] += decimal.Decimal(row["open"])
        self.assertTrue(rows)
        self.assertEqual({key: sum_ for key, sum_ in balance.items() if sum_}, {key: sum_ for key, sum_ in rows.items() if sum_})
        self.assertEqual(len(last_rows(self.topic("order-status.state"))), orders)

    def on_this_broker(self, text: str) -> str:
        return text.replace("localhost:9092", SERVERS).replace("o2c.events", self.prefix + ".events").replace(
            "o2c.aging", self.prefix + ".aging")

    def page_commands(self, program: str) -> list[list[str]]:
        joined = README.read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line for line in joined.splitlines() if line.startswith(program + " ")]
        lines = [line for line in lines if "o2c.answers" not in line]  # sender_test has these
        return [[each.strip("'") for each in re.findall(r"'[^']*'|\S+", self.on_this_broker(line))] for line in lines]

    def test_when_the_pages_python_runs_then_it_prints_the_cash(self):
        examples = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        [code] = [each for each in examples if "o2c_events" in each]
        code = self.on_this_broker(code).replace("cash-report", self.prefix)
        expected = sum(event.type == "cash_applied" for event in self.events("events"))
        self.assertGreater(expected, 0)
        with subprocess.Popen([sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, text=True) as example:
            self.addCleanup(example.kill)
            lines = [example.stdout.readline() for _ in range(expected)]
            example.kill()
        self.assertTrue(all(re.match(r"company/\d 2026-\d\d-\d\d \S+ [\d.]+$", line) for line in lines), lines[:3])

    def test_when_the_pages_kcat_runs_then_keys_and_values_come(self):
        events, aging = self.page_commands("kcat")
        out = subprocess.run([*events, "-e", "-q"], check=True, capture_output=True, timeout=SECONDS).stdout.decode()
        self.assertEqual(len(out.splitlines()), len(self.events("events")))
        self.assertEqual(json.loads(out.splitlines()[0].split(" ", 1)[1])["specversion"], "1.0")
        out = subprocess.run([*aging, "-q"], check=True, capture_output=True, timeout=SECONDS).stdout.decode()
        self.assertRegex(out, r'^company%2F\d/')

    def test_when_kafkas_console_consumer_reads_then_the_same_events_come(self):
        [command] = self.page_commands("kafka-console-consumer.sh")
        tool = [KAFKA_TOOL, "tool", "org.apache.kafka.tools.consumer.ConsoleConsumer", *command[1:], "--timeout-ms", "10000"]
        out = subprocess.run(tool, capture_output=True, timeout=SECONDS).stdout.decode()
        lines = [line.split("\t") for line in out.splitlines() if line.startswith("content-type:")]
        ids = {json.loads(value)["id"] for headers, key, value in lines}
        self.assertEqual(len(lines), len(ids))
        self.assertEqual(ids, {event.id for event in self.events("events")})


if __name__ == "__main__":
    unittest.main()
