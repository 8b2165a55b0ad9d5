//! A server that knows the five classic calls and nothing else, with its data in memory.

use std::collections::HashMap;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use url::Url;

/// In which of the forms that such servers use it answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Spending as a string of JSON inside `body`.
    pub wrapped: bool,
    /// Amounts as strings, as a SQL DECIMAL is often written.
    pub strings: bool,
}

/// Plain answers with numbers.
pub const PLAIN: Shape = Shape {
    wrapped: false,
    strings: false,
};

/// What an older server does.
pub const OLD: Shape = Shape {
    wrapped: true,
    strings: true,
};

/// The running server; it ends when dropped.
pub struct FiveCalls {
    /// Where it is, with the path prefix `/prod`.
    pub url: Url,
    data: Arc<Mutex<Data>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Data {
    users: HashMap<String, User>,
    /// Every token that any call brought.
    seen_tokens: Vec<String>,
}

struct User {
    password: String,
    expenses: Vec<(String, String)>,
}

#[derive(Clone)]
struct Shared {
    shape: Shape,
    data: Arc<Mutex<Data>>,
}

/// The one budget of every user: 50 for Dining.
const DINING_BUDGET: f64 = 50.0;

impl FiveCalls {
    pub fn start(shape: Shape) -> Self {
        let data = Arc::new(Mutex::new(Data::default()));
        let shared = Shared {
            shape,
            data: Arc::clone(&data),
        };
        let (stop, stopped) = oneshot::channel();
        let (ready, address) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                ready.send(listener.local_addr().unwrap()).unwrap();
                let app = Router::new().nest("/prod", routes(shared));
                tokio::select! {
                    served = axum::serve(listener, app).into_future() => served.unwrap(),
                    _ = stopped => {}
                }
            });
        });
        Self {
            url: format!("http://{}/prod", address.recv().unwrap()).parse().unwrap(),
            data,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Every token that any call brought.
    pub fn seen_tokens(&self) -> Vec<String> {
        self.data.lock().unwrap().seen_tokens.clone()
    }
}

impl Drop for FiveCalls {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/signup", post(sign_up))
        .route("/login", post(log_in))
        .route("/fetch-user-data", get(spending))
        .route("/notifications", get(alerts))
        .route("/new-expense", post(add_expense))
        .with_state(shared)
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

fn text<'a>(body: &'a Value, key: &str) -> Option<&'a str> {
    body[key].as_str().filter(|text| !text.is_empty())
}

async fn sign_up(State(shared): State<Shared>, Json(body): Json<Value>) -> Response {
    let (Some(name), Some(_), Some(password)) =
        (text(&body, "username"), text(&body, "email"), text(&body, "password"))
    else {
        return refused(StatusCode::BAD_REQUEST, "username, email and password are needed");
    };
    let mut data = shared.data.lock().unwrap();
    if data.users.contains_key(name) {
        return refused(StatusCode::BAD_REQUEST, "This name is taken. Choose another.");
    }
    let user = User {
        password: password.to_owned(),
        expenses: Vec::new(),
    };
    data.users.insert(name.to_owned(), user);
    Json(json!({ "message": "ok" })).into_response()
}

async fn log_in(State(shared): State<Shared>, Json(body): Json<Value>) -> Response {
    let data = shared.data.lock().unwrap();
    let name = body["username"].as_str().unwrap_or_default();
    match data.users.get(name) {
        Some(user) if Some(user.password.as_str()) == body["password"].as_str() => {
            Json(json!({ "token": format!("token-of-{name}") })).into_response()
        }
        _ => refused(StatusCode::UNAUTHORIZED, "Wrong name or password."),
    }
}

type Pairs = Query<HashMap<String, String>>;

/// The user whose token the query holds.
fn user<'a>(data: &'a mut Data, query: &HashMap<String, String>) -> Option<&'a mut User> {
    let token = query.get("token").cloned().unwrap_or_default();
    data.seen_tokens.push(token.clone());
    data.users.get_mut(token.strip_prefix("token-of-")?)
}

fn totals(user: &User) -> Vec<(&'static str, f64, Option<f64>)> {
    let sum = |wanted: &str| {
        let of = user
            .expenses
            .iter()
            .filter(|(description, _)| category(description) == wanted);
        of.map(|(_, amount)| amount.parse::<f64>().unwrap()).sum::<f64>()
    };
    vec![
        ("Dining", sum("Dining"), Some(DINING_BUDGET)),
        ("Transport", sum("Transport"), None),
    ]
}

fn category(description: &str) -> &'static str {
    if description.contains("lunch") {
        "Dining"
    } else {
        "Transport"
    }
}

async fn spending(State(shared): State<Shared>, Query(query): Pairs) -> Response {
    let mut data = shared.data.lock().unwrap();
    let Some(user) = user(&mut data, &query) else {
        return refused(StatusCode::UNAUTHORIZED, "Invalid token");
    };
    let number = |amount: f64| {
        if shared.shape.strings {
            json!(format!("{amount:.2}"))
        } else {
            json!(amount)
        }
    };
    let row = |(name, total, budget): (&str, f64, Option<f64>)| json!({ "CategoryName": name, "TotalAmount": number(total), "BudgetAmount": budget.map(number) });
    let answer = if user.expenses.is_empty() {
        json!({ "message": "No data available for this user." })
    } else {
        totals(user).into_iter().map(row).collect()
    };
    if shared.shape.wrapped {
        return Json(json!({ "body": answer.to_string() })).into_response();
    }
    Json(answer).into_response()
}

async fn alerts(State(shared): State<Shared>, Query(query): Pairs) -> Response {
    let mut data = shared.data.lock().unwrap();
    let Some(user) = user(&mut data, &query) else {
        return refused(StatusCode::UNAUTHORIZED, "Invalid token");
    };
    let over = totals(user)
        .into_iter()
        .find(|(_, total, budget)| budget.is_some_and(|budget| *total > budget));
    Json(match over {
        Some((name, ..)) => json!({ "body": [{ "Message": format!("{name} is over its budget."), "CreatedAt": "2026-11-22 08:00:00" }] }),
        None if shared.shape.wrapped => json!({}),
        None => json!({ "body": [] }),
    })
    .into_response()
}

async fn add_expense(State(shared): State<Shared>, Query(query): Pairs, Json(_): Json<Value>) -> Response {
    let mut data = shared.data.lock().unwrap();
    let Some(user) = user(&mut data, &query) else {
        return refused(StatusCode::UNAUTHORIZED, "Invalid token");
    };
    let (Some(description), Some(amount)) = (query.get("description"), query.get("amount")) else {
        return refused(StatusCode::BAD_REQUEST, "description and amount are needed");
    };
    if amount.parse::<f64>().is_err() {
        return refused(StatusCode::BAD_REQUEST, "amount is not a number");
    }
    user.expenses.push((description.clone(), amount.clone()));
    Json(json!({ "category": category(description) })).into_response()
}
