"""The golden records that the encoder made, as a Kafka client would hand them over."""

import json
import os
import pathlib

from o2c_events import Record

FOLDER = pathlib.Path(os.environ["O2C_GOLDEN_FOLDER"], "kafka")


def records(topic: str, partition: int = 4) -> list[Record]:
    with open(FOLDER / "records.jsonl", encoding="utf-8") as lines:
        of_topic = [line for line in map(json.loads, lines) if line["topic"] == topic]
    assert of_topic, f"no golden record of {topic}"
    return [_record(partition, offset, line) for offset, line in enumerate(of_topic)]


def _record(partition: int, offset: int, line: dict) -> Record:
    headers = [(name, value.encode()) for name, value in line["headers"]]
    if "hex" in line:
        value = bytes.fromhex(line["hex"])
    else:
        value = None if line["text"] is None else line["text"].encode()
    return Record(partition, offset, line["key"].encode(), value, headers)
