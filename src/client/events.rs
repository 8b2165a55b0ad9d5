//! The event stream as a stream of news.

use std::collections::VecDeque;
use std::time::Duration;

use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response};

use crate::api::Failure;

use super::Client;
use super::http::{seconds, with_token};
use super::sse::{Event, Parser};

/// The name of the event with which a server that stops says goodbye.
const BYE: &str = "bye";

/// What an event stream tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum News {
    /// It is open: whatever changes from now on is told.
    Open,
    /// The user's data has this revision now.
    Revision(i64),
}

/// Connects when first polled. With the `last` revision that is known, only what comes after it is told.
pub(super) fn stream(client: Client, last: Option<i64>) -> BoxStream<'static, Result<News, Failure>> {
    stream::once(connect(client, last))
        .map_ok(|reader| stream::try_unfold(reader, Reader::next))
        .try_flatten()
        .boxed()
}

struct Reader {
    client: Client,
    response: Response,
    parser: Parser,
    ready: VecDeque<News>,
    over: bool,
}

async fn connect(client: Client, last: Option<i64>) -> Result<Reader, Failure> {
    client.v1_only("live updates").await?;
    let http = client.http();
    let mut request = http
        .request(Method::GET, &["v1", "events"])
        .header(ACCEPT, "text/event-stream");
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let response = http.open(with_token(request, client.token())?).await?;
    let kind = response.headers().get(CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        return Err(http.garbled("its event stream is something else"));
    }
    Ok(Reader {
        client,
        response,
        parser: Parser::default(),
        ready: VecDeque::from([News::Open]),
        over: false,
    })
}

impl Reader {
    async fn next(mut self) -> Result<Option<(News, Self)>, Failure> {
        loop {
            if let Some(news) = self.ready.pop_front() {
                return Ok(Some((news, self)));
            }
            if self.over {
                return Ok(None);
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Result<(), Failure> {
        let http = &self.client.shared.http;
        let patience: Duration = self.client.shared.options.silence_timeout;
        let chunk = match tokio::time::timeout(patience, self.response.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) => {
                self.over = true;
                return Ok(());
            }
            Ok(Err(error)) => return Err(http.offline(&error)),
            Err(_) => return Err(http.offline_because(format!("no sign of life for {}", seconds(patience)))),
        };
        let mut events = Vec::new();
        self.parser
            .push(&chunk, &mut events)
            .map_err(|error| http.garbled(error.to_string()))?;
        for event in events {
            if event.name == BYE {
                self.over = true;
                return Ok(());
            }
            self.ready.extend(revision(&event).map(News::Revision));
        }
        Ok(())
    }
}

/// The revision in an event: `7` or `{"revision": 7}`. Other events are for later versions and passed over.
fn revision(event: &Event) -> Option<i64> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Data {
        Bare(i64),
        Named { revision: i64 },
    }
    match serde_json::from_str(&event.data).ok()? {
        Data::Bare(revision) | Data::Named { revision } => Some(revision),
    }
}
