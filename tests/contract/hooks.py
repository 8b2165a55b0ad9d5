"""Values that no schema can express, put into requests that are meant to be good: what the user has, days that lie
ahead, names that are known. Requests that are meant to be bad stay as they are."""
import datetime
import itertools
import json
import os
import uuid

import schemathesis

OWN = json.loads(os.environ["CONTRACT_OWN"])
number = itertools.count()


def mend(value, operation):
    """The same value with what the user has in it."""
    if isinstance(value, float) and value.is_integer():
        # To a schema, 1.0 is an integer.
        return int(value)
    if isinstance(value, list):
        return [mend(item, operation) for item in value]
    if not isinstance(value, dict):
        return value
    mended = {name: field(name, mend(inner, operation), operation) for name, inner in value.items()}
    if mended.get("category_id") is None:
        # It is about the category.
        mended.pop("placed_by", None)
    return mended


def field(name, value, operation):
    if value is None:
        return None
    tomorrow = datetime.date.today() + datetime.timedelta(days=2)
    fixed = {
        "category_id": OWN["category"],
        "from": OWN["giver"],
        "to": OWN["category"],
        "into": OWN["category"],
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "until": tomorrow.isoformat(),
        "day": "2026-11-20",
        "limit_minor": 1000,
        "amount_minor": 1 if operation == "moveBudget" else 100,
        "base_revision": 2**53,
    }
    unique = {
        ("signUp", "name"): "user{}",
        ("signUp", "email"): "user{}@example.org",
        ("signUp", "password"): "kitchen lamp {}",
        ("addRule", "pattern"): "shop {}",
        ("changeRule", "pattern"): "shop {}",
    }
    if (operation, name) in unique:
        return unique[operation, name].format(next(number))
    return fixed.get(name, value)


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw.get("operationId")
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    case.body = mend(case.body, operation)
    # Where a page goes on, only the page before says.
    for name in ("cursor", "since"):
        if name in (case.query or {}):
            del case.query[name]
    if "category_id" in (case.path_parameters or {}):
        case.path_parameters["category_id"] = OWN["category"]
    if operation in ("changeExpense", "deleteExpense", "restoreExpense"):
        case.path_parameters["id"] = OWN["expense"]
    if operation == "changeRule":
        case.path_parameters["id"] = OWN["rule"]
    if operation == "changeCategory":
        case.path_parameters["id"] = OWN["other"]
    if operation in ("mergeCategory", "endSession"):
        # What the other requests need stays.
        case.path_parameters["id"] = str(uuid.uuid4())
