//! What is told outside the window: a new alert, while the user looks elsewhere, once.

use std::collections::HashSet;

use uuid::Uuid;

use super::effect::Effect;
use super::model::Model;
use crate::api::Alert;

/// A notice for somebody who does not look at the window.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// Who tells.
    pub title: String,
    /// What happened, in a sentence.
    pub text: String,
}

/// The alerts that are no news.
#[derive(Clone, Debug, Default)]
pub(super) struct Told(Option<Known>);

#[derive(Clone, Debug)]
struct Known {
    ids: HashSet<Uuid>,
    /// When the newest alert of the first look was raised, UTC ms: what is older was told before this program began.
    since: i64,
}

/// Alerts arrived: the notice about those that are news, if anybody is to be told of them outside the window.
pub(super) fn on_alerts(model: &mut Model, alerts: &[Alert]) -> Option<Effect> {
    let Some(known) = &mut model.told.0 else {
        model.told.0 = Some(Known {
            ids: alerts.iter().map(|alert| alert.id).collect(),
            since: alerts.iter().map(|alert| alert.created_at).max().unwrap_or(i64::MIN),
        });
        return None;
    };
    let today = model.now.date();
    let (mut first, mut more) = (None, 0_usize);
    for alert in alerts {
        // Whatever becomes of it later, it is the same fact.
        let fresh = known.ids.insert(alert.id) && alert.created_at >= known.since;
        let open = !alert.read && alert.resolved_at.is_none();
        let quiet = alert.snoozed_until.is_some_and(|until| today < until);
        if fresh && open && !quiet && model.settings.levels.contains(&alert.level) {
            match first {
                None => first = Some(alert),
                Some(_) => more += 1,
            }
        }
    }
    let first = first?;
    let quiet = model
        .settings
        .quiet
        .is_some_and(|hours| hours.contains(model.now.time()));
    if model.focused || quiet {
        return None;
    }
    let text = match more {
        0 => first.message.clone(),
        more => format!("{} And {more} more.", first.message),
    };
    Some(Effect::Notify(Notice {
        title: "Budget Tracker".to_owned(),
        text,
    }))
}
