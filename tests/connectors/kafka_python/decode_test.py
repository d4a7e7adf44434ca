"""Both formats of an event, decoded into one dataclass."""

import datetime
import json
import unittest
from decimal import Decimal

from golden_records import FOLDER, records
from o2c_events import Event, Malformed, Money, Schema, decode, minor_digits, minor_to_decimal, shipped_schema
from o2c_events.values import scaled


def decoded(topic: str) -> list[Event]:
    return [decode(r.value, r.headers) for r in records(topic)]


class GivenGoldenRecords(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.binary = decoded("o2c.events.v1")
        cls.json = decoded("o2c.events.json.v1")

    def test_when_decoded_then_both_formats_are_equal(self):
        self.assertEqual(len(self.binary), len(self.json))
        for from_binary, from_json in zip(self.binary, self.json):
            with self.subTest(from_binary.type):
                self.assertEqual(from_binary, from_json)

    def test_when_decoded_then_every_type_of_event_is_there(self):
        self.assertEqual({event.type for event in self.binary}, shipped_schema().event_types())

    def test_when_decoded_then_values_are_exact_and_typed(self):
        cash = next(e for e in self.binary if e.type == "cash_applied")
        self.assertIsInstance(cash.body["amount"], Money)
        self.assertIsInstance(cash.body["amount"].amount, Decimal)
        self.assertIsInstance(cash.occurred_on, datetime.date)
        self.assertEqual(cash.recorded_at.utcoffset(), datetime.timedelta(0))
        self.assertIsInstance(cash.body["shares"][0]["amount_minor"], int)
        self.assertEqual(cash.company, "客户/1")
        self.assertEqual(cash.sequence, cash.entry_seq)

    def test_when_decoded_then_nothing_is_a_float(self):
        def walk(value):
            self.assertNotIsInstance(value, float)
            for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
                walk(part)

        for event in self.binary + self.json:
            walk(event.body)

    def test_when_decoded_then_body_says_what_the_json_says(self):
        """The JSON is read here by hand, apart from the schema."""
        for record in records("o2c.events.json.v1"):
            data = json.loads(record.value)["data"]
            event = decode(record.value, record.headers)
            self.assertEqual(event.id, data["id"])
            self.assertEqual(event.occurred_on.isoformat(), data["occurred_on"])
            if event.type == "cash_applied":
                amount = data["body"]["cash_applied"]["amount"]
                self.assertEqual((str(event.body["amount"].amount), event.body["amount"].currency), tuple(amount.values()))

    def test_when_a_person_is_meant_then_nobody_is_named(self):
        user = next(e for e in self.binary if e.type == "user_registered")
        self.assertIsNone(user.stream_id)
        self.assertEqual((user.body["user"]["user"], user.body["user"]["name"]), ("", ""))

    def test_when_the_classes_of_flatc_read_it_then_they_say_the_same(self):
        from o2c.fb.PublicEvent import PublicEvent

        for record, event in zip(records("o2c.events.v1"), self.binary):
            table = PublicEvent.GetRootAs(record.value)
            self.assertEqual(table.Sequence(), event.sequence)
            self.assertEqual(table.Company().decode(), event.company)
            self.assertEqual(table.StreamVersion(), event.stream_version)


class GivenBrokenRecord(unittest.TestCase):
    def test_when_cut_anywhere_then_malformed_or_another_event_but_no_other_fault(self):
        record = records("o2c.events.v1")[0]
        faults = 0
        for size in range(len(record.value)):
            try:
                decode(record.value[:size], record.headers)
            except Malformed:
                faults += 1
        self.assertGreater(faults, len(record.value) // 2)

    def test_when_json_is_cut_then_malformed(self):
        record = records("o2c.events.json.v1")[0]
        with self.assertRaises(Malformed):
            decode(record.value[:-1], record.headers)

    def test_when_of_another_type_then_malformed(self):
        with self.assertRaisesRegex(Malformed, "text/plain"):
            decode(b"", [("content-type", b"text/plain")])
        with self.assertRaises(Malformed):
            decode(b"", [])


class GivenNewerPublisher(unittest.TestCase):
    def test_when_it_says_more_then_the_rest_is_as_before(self):
        record = records("o2c.events.json.v1")[0]
        event = json.loads(record.value)
        event["data"]["new_field"] = "new"
        self.assertEqual(decode(json.dumps(event).encode(), record.headers), decode(record.value, record.headers))

    def test_when_the_event_is_of_a_new_type_then_named_and_empty(self):
        record = records("o2c.events.json.v1")[0]
        event = json.loads(record.value)
        event["data"]["body"] = {"moon_landed": {"where": "sea"}}
        newer = decode(json.dumps(event).encode(), record.headers)
        self.assertEqual((newer.type, newer.body), ("moon_landed", {}))


class GivenValues(unittest.TestCase):
    def test_when_a_currency_is_asked_for_then_its_decimals_are_those_of_the_engine(self):
        digits = json.loads((FOLDER / "minor_digits.json").read_text())
        self.assertGreater(len(digits), 100)
        self.assertEqual({code: minor_digits(code) for code in digits}, digits)
        self.assertEqual(set(digits), set(shipped_schema().currencies.values()))

    def test_when_minor_units_are_scaled_then_exact_at_the_ends_of_64_bits(self):
        self.assertEqual(str(minor_to_decimal(-(2**63), "CNY")), "-92233720368547758.08")
        self.assertEqual(str(minor_to_decimal(2**63 - 1, "JPY")), "9223372036854775807")
        self.assertEqual(str(minor_to_decimal(1234, "KWD")), "1.234")
        self.assertEqual(scaled(0, 6), Decimal("0"))

    def test_when_a_schema_is_no_schema_then_it_says_so(self):
        with self.assertRaises(Exception):
            Schema(b"\x00" * 16)


if __name__ == "__main__":
    unittest.main()
