#!/usr/bin/env python3
"""Runs schemathesis against the description of a server that this script starts: run.py PROGRAM [EXAMPLES].

Every check of schemathesis is on. EXAMPLES is how many requests it makes up for each call, 50 when left out."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request
import uuid

HERE = pathlib.Path(__file__).resolve().parent
PASSWORD = "kitchen lamp nine"


class Api:
    def __init__(self, base):
        self.base, self.token = base, None

    def call(self, method, path, body=None):
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def own_things(api):
    """A user with a few things, which requests may name."""
    wish = {"name": "ada", "email": "ada@example.org", "password": PASSWORD}
    api.token = api.call("POST", "/v1/signup", wish)["token"]
    ids = {category["name"]: category["id"] for category in api.call("GET", "/v1/categories")}
    for name in ("Dining", "Transport"):
        api.call("PUT", f"/v1/budgets/1970-01/{ids[name]}", {"limit_minor": 100_000_000})
    expense = {"id": str(uuid.uuid4()), "description": "Nakamura ramen", "amount_minor": 1440}
    api.call("POST", "/v1/expenses", expense)
    rule = {"id": str(uuid.uuid4()), "pattern": "nakamura", "category_id": ids["Dining"]}
    api.call("POST", "/v1/rules", rule)
    return {"category": ids["Dining"], "giver": ids["Transport"], "other": ids["Housing"], "expense": expense["id"], "rule": rule["id"]}


def main():
    program, examples = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "50"
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "serve", "--listen", "127.0.0.1:0", "--data-dir", folder]
        environment = os.environ | {"BUDGET_TRACKER_CONFIG_DIR": folder + "/config"}
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
        try:
            base = next(line.split("istening on ")[1].split()[0] for line in server.stdout if "istening on " in line)
            api = Api(base.rstrip("/"))
            environment = os.environ | {
                "CONTRACT_OWN": json.dumps(own_things(api)),
                "PYTHONPATH": str(HERE),
                "SCHEMATHESIS_HOOKS": "hooks",
            }
            run = ["schemathesis", "--config-file", str(HERE / "schemathesis.toml"), "run", api.base + "/v1/openapi.json",
                   "--max-examples", examples, "--header", "Authorization: Bearer " + api.token,
                   "--continue-on-failure", "--seed", os.environ.get("CONTRACT_SEED", "20261122"), "--generation-database", "none", "--no-color"]
            return subprocess.run(run, env=environment, cwd=folder).returncode
        finally:
            server.terminate()
            server.wait(30)


sys.exit(main())
