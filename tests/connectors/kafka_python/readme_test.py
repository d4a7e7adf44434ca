"""The first lines of connectors/kafka/README.md do what they say."""

import contextlib
import io
import os
import pathlib
import re
import sys
import types
import unittest

from golden_records import records

README = pathlib.Path(os.environ["O2C_GOLDEN_FOLDER"], "../../connectors/kafka/README.md")


class Stopped(Exception):
    """The reader would go on for ever."""


class Consumer:
    """Hands over the golden records with a repeat, as confluent_kafka does."""

    def __init__(self, settings):
        self._messages = iter([None] + [message(r) for r in records("o2c.events.v1") for _ in range(2)])

    def subscribe(self, topics):
        assert topics == ["o2c.events.v1"]

    def poll(self, timeout):
        try:
            return next(self._messages)
        except StopIteration:
            raise Stopped from None


def message(record):
    methods = {name: (lambda self, value=value: value) for name, value in record._asdict().items()}
    return type("Message", (), methods | {"error": lambda self: None})()


class GivenReadme(unittest.TestCase):
    def test_when_its_python_is_run_then_cash_is_printed_once(self):
        examples = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        [code] = [example for example in examples if "o2c_events" in example]
        self.assertLessEqual(len(code.strip().splitlines()), 12)
        sys.modules["confluent_kafka"] = types.SimpleNamespace(Consumer=Consumer)
        self.addCleanup(sys.modules.pop, "confluent_kafka")
        out = io.StringIO()
        with contextlib.redirect_stdout(out), self.assertRaises(Stopped):
            exec(compile(code, "README.md", "exec"), {})
        self.assertEqual(len(out.getvalue().splitlines()), 1)
        self.assertTrue(out.getvalue().startswith("客户/1 20"))


if __name__ == "__main__":
    unittest.main()
