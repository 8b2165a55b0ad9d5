#!/usr/bin/env python3
"""The five classic calls as an outside program speaks them, each failure too.

    five_calls.py PATH-TO-budget-tracker

Starts `serve --demo --classic-api` on a free port of the loopback interface with a folder of its own, and
ends it. Needs nothing but the requests package.
"""
import subprocess
import sys
import tempfile
import uuid

import requests

TIMEOUT = 15
UNDERSTOOD = {200, 400, 401, 500}
checks = 0


def check(what, condition, detail=""):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"FAILED: {what} {detail}")


class Api:
    def __init__(self, base):
        self.base = base

    def post(self, path, body=None, **query):
        answer = requests.post(self.base + path, params=query, json=body, timeout=TIMEOUT)
        check(f"POST {path} answers with a status that is understood", answer.status_code in UNDERSTOOD, answer.status_code)
        return self.read(path, answer)

    def get(self, path, **query):
        return self.read(path, requests.get(self.base + path, params=query, timeout=TIMEOUT))

    @staticmethod
    def read(path, answer):
        kind = answer.headers.get("Content-Type")
        check(f"{path} is JSON", kind == "application/json", kind)
        body = answer.json()
        if answer.status_code != 200:
            check(f"{path} says what was wrong", isinstance(body, dict) and isinstance(body.get("error"), str) and body["error"], body)
        return answer.status_code, body


def spending(rows):
    for row in rows:
        check("a row has its three fields", set(row) == {"CategoryName", "TotalAmount", "BudgetAmount"}, row)
        check("an amount is a number", isinstance(row["TotalAmount"], (int, float)) and not isinstance(row["TotalAmount"], bool), row)
        check("a budget is a number or null", row["BudgetAmount"] is None or isinstance(row["BudgetAmount"], (int, float)), row)
    return {row["CategoryName"]: row["TotalAmount"] for row in rows}


def sign_up(api):
    name, password = f"user{uuid.uuid4().hex[:12]}", f"kitchen lamp {uuid.uuid4().hex[:6]}"
    body = {"username": name, "email": f"{name}@example.org", "password": password}
    status, answer = api.post("/signup", body)
    check("sign-up succeeds", status == 200 and isinstance(answer, dict), answer)
    status, _ = api.post("/signup", body)
    check("a name is given once", status == 400, status)
    for field in body:
        status, _ = api.post("/signup", {key: value for key, value in body.items() if key != field})
        check(f"sign-up needs {field}", status == 400, status)
    status, _ = api.post("/signup", {**body, "username": name + "2", "password": "short"})
    check("a short password is refused", status == 400, status)
    return name, password


def log_in(api, name, password):
    status, answer = api.post("/login", {"username": name, "password": password})
    check("log-in succeeds", status == 200 and isinstance(answer.get("token"), str), answer)
    status, _ = api.post("/login", {"username": name, "password": password + "x"})
    check("a wrong password is refused", status == 401, status)
    status, _ = api.post("/login", {"username": "nobody-" + name, "password": password})
    check("an unknown name is refused", status == 401, status)
    for body in ({"username": name}, {"password": password}, {}, [], "text", None):
        status, _ = api.post("/login", body)
        check("log-in needs both fields", status == 400, (body, status))
    return answer["token"]


def new_user(api):
    token = log_in(api, *sign_up(api))
    status, answer = api.get("/fetch-user-data", token=token)
    check("a new user has no data", status == 200 and (answer == [] or "message" in answer), answer)
    status, answer = api.get("/notifications", token=token)
    check("a new user has no alerts", status == 200 and not answer.get("body"), answer)
    status, answer = api.post("/new-expense", {}, token=token, description="lunch at chipotle", amount="60")
    check("an expense gets its category", status == 200 and answer.get("category") == "Dining", answer)
    api.post("/new-expense", {}, token=token, description="lunch at chipotle", amount="12.35")
    status, answer = api.get("/fetch-user-data", token=token)
    check("amounts add up exactly", status == 200 and spending(answer) == {"Dining": 72.35}, answer)
    for amount in ("0", "-5", "abc", "", "1e3", "NaN", "1.005", "99999999999999999999", None):
        query = {"token": token, "description": "x"} | ({} if amount is None else {"amount": amount})
        status, _ = api.post("/new-expense", {}, **query)
        check("a bad amount is refused", status == 400, (amount, status))
    for query in ({"amount": "5"}, {"amount": "5", "description": ""}, {"amount": "5", "description": "a\x1b[31mb"}, {"amount": "5", "description": "x" * 300}):
        status, _ = api.post("/new-expense", {}, token=token, **query)
        check("a bad description is refused", status == 400, (query, status))
    status, again = api.get("/fetch-user-data", token=token)
    check("nothing that was refused is stored", again == answer, again)


def bad_tokens(api):
    for token in ("", "x", "bt1_00000000000000000000000000000000_" + "A" * 43):
        check("a bad token sees nothing", api.get("/fetch-user-data", token=token)[0] == 401)
        check("a bad token sees no alerts", api.get("/notifications", token=token)[0] == 401)
        check("a bad token adds nothing", api.post("/new-expense", {}, token=token, description="x", amount="5")[0] == 401)
    check("a missing token sees nothing", api.get("/fetch-user-data")[0] in (400, 401))


def odd_requests(api):
    for path in ("/signup", "/login", "/new-expense"):
        for headers, data in (({"Content-Type": "text/plain"}, b"hello"), ({"Content-Type": "application/json"}, b"{"), ({"Content-Type": "application/json"}, b"x" * 200_000)):
            answer = requests.post(api.base + path, data=data, headers=headers, timeout=TIMEOUT)
            check(f"an odd POST {path} is understood", answer.status_code in UNDERSTOOD, answer.status_code)
            api.read(path, answer)


def demo_user(api):
    token = log_in(api, "newuser", "password123")
    status, answer = api.get("/fetch-user-data", token=token)
    check("the sample user has data", status == 200 and len(spending(answer)) >= 8, answer)
    check("some budget is over", any(row["BudgetAmount"] is not None and row["TotalAmount"] > row["BudgetAmount"] for row in answer), answer)
    status, answer = api.get("/notifications", token=token)
    check("the sample user has alerts", status == 200 and answer["body"], answer)
    for alert in answer["body"]:
        check("an alert has its two fields", isinstance(alert["Message"], str) and isinstance(alert["CreatedAt"], str), alert)


def main():
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.argv[1], "serve", "--listen", "127.0.0.1:0", "--data-dir", folder, "--demo", "--classic-api"]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            base = next(line.split("listening on ")[1].split()[0] for line in server.stderr if "listening on " in line)
            for test in (new_user, bad_tokens, odd_requests, demo_user):
                test(Api(base.rstrip("/")))
        finally:
            server.terminate()
            server.wait(TIMEOUT)
    print(f"five classic calls: {checks} checks passed")


main()
