//! One question for each merchant, several in one request, and care for a service in trouble.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::openai::Chat;
#[cfg(feature = "sagemaker")]
use super::sagemaker::Endpoint;
use super::trouble::Trouble;
use crate::categorize::service::{Breaker, Cache, Key, Plan, Question, RetryBudget, Service, Verdict};

/// Requests under way at once.
const AT_ONCE: usize = 4;
/// Descriptions in one request.
const TOGETHER: usize = 32;
/// Descriptions that wait, over all users.
const WAITING: usize = 1000;
/// After this time a request is given up, whoever waits for it or not.
const GIVEN_UP: Duration = Duration::from_secs(30);
/// How long a service that has too many questions is left alone when it does not say.
const PAUSE: Duration = Duration::from_secs(5);
/// How long a service is left alone that will not answer before somebody changes something.
const LONG_PAUSE: Duration = Duration::from_mins(1);
/// The pause before a second try is half of this and up to half of it more.
const BEFORE_RETRY: Duration = Duration::from_millis(100);

/// The category, by its name, or why there is none.
type Answer = Result<String, Trouble>;

/// Asks the service of a plan. Clones share what is known and under way.
#[derive(Clone)]
pub struct Asker(Arc<Shared>);

struct Shared {
    plan: Plan,
    line: Line,
    desk: Mutex<Desk>,
    permits: Semaphore,
    start: Instant,
}

/// The way to the service; nothing of it is opened before the first question.
enum Line {
    Chat(Box<Chat>),
    #[cfg(feature = "sagemaker")]
    Endpoint(Endpoint),
    #[cfg(not(feature = "sagemaker"))]
    Closed,
}

#[derive(Default)]
struct Desk {
    known: Cache<Answer>,
    /// Questions that were asked and not answered yet.
    under_way: HashMap<Key, watch::Receiver<Option<Answer>>>,
    /// Those of them that have not left, by what they have in common.
    waiting: HashMap<(Uuid, u64), Group>,
    breaker: Breaker,
    retries: RetryBudget,
}

struct Group {
    categories: Vec<String>,
    questions: Vec<Waiting>,
}

struct Waiting {
    key: Key,
    description: String,
    tell: watch::Sender<Option<Answer>>,
}

/// An answer that is there, or on its way.
enum Enrolled {
    Done(Answer),
    Coming(watch::Receiver<Option<Answer>>),
}

impl Asker {
    /// Asks as `plan` says.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        let line = match &plan.service {
            Service::Openai { base, model, key } => Line::Chat(Box::new(Chat::new(base, model, key.as_ref()))),
            #[cfg(feature = "sagemaker")]
            Service::Sagemaker { endpoint, region } => Line::Endpoint(Endpoint::new(endpoint, region.as_deref())),
            #[cfg(not(feature = "sagemaker"))]
            Service::Sagemaker { .. } => Line::Closed,
        };
        Self(Arc::new(Shared {
            plan,
            line,
            desk: Mutex::default(),
            permits: Semaphore::new(AT_ONCE),
            start: Instant::now(),
        }))
    }

    /// Whom it asks, and when.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.0.plan
    }

    /// Whether a question about `description` is a new one, which the service would have to answer.
    #[must_use]
    pub fn would_ask(&self, user: Uuid, categories: &[String], description: &str) -> bool {
        let key = Key::new(user, categories, description);
        let mut desk = self.0.desk();
        let resting = desk.breaker.rests(self.0.now()).is_some();
        !resting && !desk.under_way.contains_key(&key) && desk.known.get(&key).is_none()
    }

    /// Asks which of the `categories` each description of `user` belongs to; the answers are in their order, and
    /// all there when the plan's time is over.
    pub async fn ask(&self, user: Uuid, categories: &[String], descriptions: &[&str]) -> Vec<Answer> {
        let until = tokio::time::Instant::now() + self.0.plan.wait;
        let enrolled = self.enroll(user, categories, descriptions);
        let mut answers = Vec::with_capacity(enrolled.len());
        for one in enrolled {
            answers.push(match one {
                Enrolled::Done(answer) => answer,
                Enrolled::Coming(mut answer) => tokio::time::timeout_at(until, answer.wait_for(Option::is_some))
                    .await
                    .map_or(Err(Trouble::TooSlow), |told| {
                        // Who was to tell it is gone: the server stops.
                        told.ok()
                            .and_then(|told| told.clone())
                            .unwrap_or(Err(Trouble::Unreachable))
                    }),
            });
        }
        answers
    }

    /// Finds what is known or asked already, and puts the rest on its way.
    fn enroll(&self, user: Uuid, categories: &[String], descriptions: &[&str]) -> Vec<Enrolled> {
        let mut desk = self.0.desk();
        let rest = desk.breaker.rests(self.0.now());
        let mut enrolled = Vec::with_capacity(descriptions.len());
        for description in descriptions {
            let key = Key::new(user, categories, description);
            enrolled.push(if let Some(answer) = desk.known.get(&key) {
                Enrolled::Done(answer.clone())
            } else if let Some(coming) = desk.under_way.get(&key) {
                Enrolled::Coming(coming.clone())
            } else if let Some(rest) = rest {
                Enrolled::Done(Err(Trouble::Resting(rest)))
            } else if desk.under_way.len() >= WAITING {
                Enrolled::Done(Err(Trouble::Crowded))
            } else {
                Enrolled::Coming(self.send_off(&mut desk, key, categories, description))
            });
        }
        enrolled
    }

    /// Lets a new question wait for its request, and begins one unless one is about to leave.
    fn send_off(
        &self,
        desk: &mut Desk,
        key: Key,
        categories: &[String],
        description: &str,
    ) -> watch::Receiver<Option<Answer>> {
        let (tell, coming) = watch::channel(None);
        desk.under_way.insert(key.clone(), coming.clone());
        let id = key.group();
        let group = desk.waiting.entry(id).or_insert_with(|| {
            tokio::spawn(Arc::clone(&self.0).carry(id));
            Group {
                categories: categories.to_vec(),
                questions: Vec::new(),
            }
        });
        group.questions.push(Waiting {
            key,
            description: (*description).to_owned(),
            tell,
        });
        coming
    }
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Carries what waits in a group to the service, as much as fits into one request at a time.
    async fn carry(self: Arc<Self>, id: (Uuid, u64)) {
        // Nobody closes the semaphore.
        let Ok(_permit) = self.permits.acquire().await else {
            return;
        };
        loop {
            let (categories, batch) = {
                let mut desk = self.desk();
                let Some(group) = desk.waiting.get_mut(&id) else { return };
                let many = group.questions.len().min(TOGETHER);
                let batch: Vec<Waiting> = group.questions.drain(..many).collect();
                if batch.is_empty() {
                    desk.waiting.remove(&id);
                    return;
                }
                let categories = group.categories.clone();
                if group.questions.is_empty() {
                    // Who comes now begins another request instead of waiting for this one.
                    desk.waiting.remove(&id);
                }
                (categories, batch)
            };
            let descriptions: Vec<&str> = batch.iter().map(|one| one.description.as_str()).collect();
            let asked = self.asked(&Question::new(&categories, &descriptions)).await;
            self.tell(batch, asked);
        }
    }

    /// Keeps the answers and tells those who wait.
    fn tell(&self, batch: Vec<Waiting>, asked: Result<Vec<Verdict>, Trouble>) {
        let mut verdicts = asked.map(Vec::into_iter);
        let mut desk = self.desk();
        for one in batch {
            let answer = match &mut verdicts {
                Ok(verdicts) => match verdicts.next() {
                    Some(Verdict::Category(name)) => Ok(name),
                    Some(Verdict::Unknown) => Err(Trouble::UnknownCategory),
                    None => Err(Trouble::Unreadable),
                },
                Err(trouble) => Err(*trouble),
            };
            if matches!(answer, Ok(_) | Err(Trouble::UnknownCategory)) {
                desk.known.put(one.key.clone(), answer.clone());
            }
            desk.under_way.remove(&one.key);
            one.tell.send_replace(Some(answer));
        }
    }

    /// Asks once, and once more where that is allowed and may help.
    async fn asked(&self, question: &Question) -> Result<Vec<Verdict>, Trouble> {
        self.desk().retries.earn();
        let first = self.asked_once(question).await;
        let Err(trouble) = &first else { return first };
        if !trouble.may_pass() || !self.desk().retries.spend() {
            return first;
        }
        sleep(BEFORE_RETRY.mul_f64(rand::random_range(0.5..1.0))).await;
        self.asked_once(question).await
    }

    async fn asked_once(&self, question: &Question) -> Result<Vec<Verdict>, Trouble> {
        let admitted = self.desk().breaker.admit(self.now());
        admitted.map_err(Trouble::Resting)?;
        let begun = self.now();
        let mut work = std::pin::pin!(timeout(GIVEN_UP, self.line.ask(question)));
        let (done, late) = tokio::select! {
            done = work.as_mut() => (done, false),
            () = sleep(self.plan.wait) => {
                // Nobody waits any longer: for the breaker that is a failure, whatever comes of it.
                self.desk().breaker.failed(self.now());
                (work.await, true)
            }
        };
        let done = done.unwrap_or(Err(Trouble::TooSlow));
        self.judge(&done, late);
        self.log(question.len(), self.now().saturating_sub(begun), &done);
        done
    }

    /// What the breaker learns from a request.
    fn judge(&self, done: &Result<Vec<Verdict>, Trouble>, late: bool) {
        let (mut desk, now) = (self.desk(), self.now());
        match done {
            Err(Trouble::Busy(wait)) => desk.breaker.leave_alone(now, wait.unwrap_or(PAUSE)),
            Err(Trouble::Refused(_) | Trouble::NoAccess) => desk.breaker.leave_alone(now, LONG_PAUSE),
            // A late one was counted when it was late.
            _ if late => {}
            Ok(_) => desk.breaker.succeeded(),
            Err(_) => desk.breaker.failed(now),
        }
    }

    /// One line for each request, without what it was about.
    fn log(&self, descriptions: usize, took: Duration, done: &Result<Vec<Verdict>, Trouble>) {
        let service = self.plan.service.source();
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        match done {
            Ok(verdicts) => {
                let unknown = verdicts.iter().filter(|verdict| **verdict == Verdict::Unknown).count();
                tracing::info!(%service, descriptions, unknown, ms, "a service answered");
            }
            Err(trouble) => {
                tracing::warn!(%service, descriptions, ms, trouble = ?trouble, "a service did not answer");
            }
        }
    }
}

impl Line {
    async fn ask(&self, question: &Question) -> Result<Vec<Verdict>, Trouble> {
        match self {
            Self::Chat(chat) => chat.ask(question).await,
            #[cfg(feature = "sagemaker")]
            Self::Endpoint(endpoint) => endpoint.ask(question).await,
            #[cfg(not(feature = "sagemaker"))]
            Self::Closed => Err(Trouble::Unreachable),
        }
    }
}
