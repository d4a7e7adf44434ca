"""The page's examples for those who send commands, on a real broker with the program.

Environment: O2C_PROGRAM, O2C_KAFKA_DIR (a broker that runs), O2C_README.
"""

import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ["O2C_PROGRAM"]
SERVERS = pathlib.Path(os.environ["O2C_KAFKA_DIR"], "bootstrap.servers").read_text(encoding="utf-8").strip()
PAGE = pathlib.Path(os.environ["O2C_README"]).read_text(encoding="utf-8")
SECONDS = 60


class GivenAServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.prefix = "o2c-test-" + secrets.token_hex(8)
        config = pathlib.Path(folder.name, "o2c.toml")
        config.write_text(
            f'journal = "kafka"\n[kafka]\nprefix = "{cls.prefix}"\nlanes = 3\nreplication = 1\n'
            f'[kafka.client]\n"bootstrap.servers" = "{SERVERS}"\n', encoding="utf-8")
        subprocess.run([PROGRAM, "topic", "create", "--config", config], check=True, capture_output=True, timeout=SECONDS)
        server = subprocess.Popen([PROGRAM, "serve", "--data", folder.name + "/books", "--config", config], stderr=subprocess.DEVNULL)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.kill)

    def on_this_broker(self, text: str) -> str:
        return text.replace("localhost:9092", SERVERS).replace("o2c.commands", self.prefix + ".commands").replace(
            "o2c.answers", self.prefix + ".answers")

    def page(self, language: str, word: str) -> str:
        [example] = [each for each in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if word in each]
        return self.on_this_broker(example)

    def answers(self, wanted: int) -> list[tuple[str, dict]]:
        """By the page's own command."""
        command = self.page("sh", "o2c.answers") .splitlines()[-1]
        until = time.monotonic() + SECONDS
        while True:
            out = subprocess.run(["sh", "-c", command + " -q"], check=True, capture_output=True, timeout=SECONDS).stdout.decode()
            lines = [line.split(" ", 2) for line in out.splitlines()]
            if len(lines) >= wanted or time.monotonic() > until:
                return [(headers, json.loads(value)) for _, headers, value in lines]
            time.sleep(0.2)

    def test_when_the_pages_examples_run_then_their_commands_are_accepted(self):
        command = self.page("sh", "o2c.answers").rsplit("\n", 2)[0]
        subprocess.run(["sh", "-c", command], check=True, timeout=SECONDS)
        self.assertEqual(len(self.answers(1)), 1)
        subprocess.run([sys.executable, "-c", self.page("python", "o2c.commands")], check=True, timeout=SECONDS)
        answers = self.answers(2)
        self.assertEqual([value["outcome"] for _, value in answers], ["accepted", "accepted"])
        self.assertIn("status=accepted", answers[0][0])


if __name__ == "__main__":
    unittest.main()
