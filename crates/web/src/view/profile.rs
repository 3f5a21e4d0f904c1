//! What a provider taught of its own way of writing, and what that makes of messages.

use std::collections::BTreeMap;

use ordercast_app::{
    pipeline::would::Would,
    teach::{Heard, Lesson, Meaning, Signed, Trial},
};
use ordercast_model::{
    decision::Decision,
    ids::{ProviderId, UserId},
    instrument::AssetClass,
    order::intent::Order,
    signal::profile::{ExpiryRule, Label, Profile, SellMeans, Template},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{code, instruction::ReadingView, risk::BreachView, signal::standing, text};

/// One format with named slots, such as `{action} {symbol} {strike}{right} {expiry} @ {price}`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateView {
    /// How the provider calls it, 1 to 60 characters; stands in the reasons of what it read.
    pub name: String,
    /// The format, at most 500 characters: slots in braces, optional parts in brackets, everything else as it stands.
    pub pattern: String,
}

/// What is taught; what is left out is empty.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileBody {
    /// Own formats, at most 20, tried in this order before the general reading.
    pub templates: Vec<TemplateView>,
    /// Own words for actions, at most 100, each with the known word it stands for: `grabbing` is `buy`.
    pub verbs: BTreeMap<String, String>,
    /// Own names of prices, at most 30: `cut` is the stop.
    #[schema(value_type = BTreeMap<String, code::PriceLabel>)]
    pub labels: BTreeMap<String, Label>,
    /// What a bare "sell" does; null leaves it to the provider's setting.
    #[schema(value_type = Option<code::SellMeans>)]
    pub sell_means: Option<SellMeans>,
    /// `equity` or `crypto`: what a symbol is that may be either; null leaves it open.
    #[schema(value_type = Option<code::AssetClass>)]
    pub default_asset: Option<AssetClass>,
    /// When an option expires whose message states no day; null refuses it.
    #[schema(value_type = Option<code::ExpiryRule>)]
    pub default_expiry: Option<ExpiryRule>,
}

impl From<ProfileBody> for Profile {
    fn from(body: ProfileBody) -> Self {
        let template = |template: TemplateView| Template {
            name: template.name,
            pattern: template.pattern,
        };
        Self {
            version: 0,
            templates: body.templates.into_iter().map(template).collect(),
            verbs: body.verbs,
            labels: body.labels,
            sell_means: body.sell_means,
            default_asset: body.default_asset,
            default_expiry: body.default_expiry,
        }
    }
}

/// A new version of what is taught.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LessonBody {
    /// What is taught.
    pub profile: ProfileBody,
    /// What the change is for, at most 200 characters.
    #[schema(max_length = 200)]
    pub note: String,
}

impl From<LessonBody> for Lesson {
    fn from(body: LessonBody) -> Self {
        Self {
            profile: body.profile.into(),
            note: body.note,
        }
    }
}

/// One version of a provider's profile.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LessonView {
    /// Provider.
    pub provider_id: String,
    /// Version, for `If-Match`; 0 when nothing was taught.
    pub version: u32,
    /// Own formats, in the order they are tried.
    pub templates: Vec<TemplateView>,
    /// Own words for actions.
    pub verbs: BTreeMap<String, String>,
    /// Own names of prices.
    #[schema(value_type = BTreeMap<String, code::PriceLabel>)]
    pub labels: BTreeMap<String, Label>,
    /// What a bare "sell" does; null leaves it to the provider's setting.
    #[schema(value_type = Option<code::SellMeans>, required)]
    pub sell_means: Option<SellMeans>,
    /// What a symbol is that may be either.
    #[schema(value_type = Option<code::AssetClass>, required)]
    pub default_asset: Option<AssetClass>,
    /// When an option expires whose message states no day.
    #[schema(value_type = Option<code::ExpiryRule>, required)]
    pub default_expiry: Option<ExpiryRule>,
    /// What the change was for.
    pub note: String,
    /// Name of who taught it; empty when nothing was taught or there is no such user any more.
    pub by: String,
    /// Whether you taught it.
    pub by_you: bool,
    /// Since when it is read with; null when nothing was taught.
    #[schema(required)]
    pub created_at: Option<String>,
}

impl LessonView {
    /// A version, or the empty one of a provider who taught nothing.
    #[must_use]
    pub fn of(user: UserId, provider: ProviderId, row: Option<Signed>) -> Self {
        let by = row.as_ref().map(|row| row.teacher.clone()).unwrap_or_default();
        let (profile, note, by_you, at) = match row.map(|row| row.version) {
            Some(row) => (row.profile, row.note, row.by == user, Some(row.created_at)),
            None => (Profile::default(), String::new(), false, None),
        };
        let template = |template: Template| TemplateView {
            name: template.name,
            pattern: template.pattern,
        };
        Self {
            provider_id: provider.to_string(),
            version: profile.version,
            templates: profile.templates.into_iter().map(template).collect(),
            verbs: profile.verbs,
            labels: profile.labels,
            sell_means: profile.sell_means,
            default_asset: profile.default_asset,
            default_expiry: profile.default_expiry,
            note,
            by,
            by_you,
            created_at: text(at),
        }
    }
}

/// What a text means, and what it was read with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeaningView {
    /// What it means.
    pub reading: ReadingView,
    /// Version of the profile; 0 when nothing was taught.
    pub profile: u32,
    /// The provider's own format it fits.
    #[schema(required)]
    pub template: Option<String>,
}

impl From<&Meaning> for MeaningView {
    fn from(meaning: &Meaning) -> Self {
        Self {
            reading: ReadingView::from(&meaning.reading),
            profile: meaning.profile,
            template: meaning.template.clone(),
        }
    }
}

/// A stored message, read with the profile in force and with one that is tried.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrialView {
    /// Message.
    pub message_id: String,
    /// Posted at the source.
    pub posted_at: String,
    /// Name of the author.
    pub author: String,
    /// Whether it would mean something else.
    pub changes: bool,
    /// As it is read now.
    pub before: MeaningView,
    /// As it would be read.
    pub after: MeaningView,
}

impl From<Trial> for TrialView {
    fn from(trial: Trial) -> Self {
        Self {
            changes: trial.changes(),
            before: MeaningView::from(&trial.before),
            after: MeaningView::from(&trial.after),
            message_id: trial.message.id.to_string(),
            posted_at: trial.message.posted_at.to_string(),
            author: trial.message.author.name,
        }
    }
}

/// An order that would be placed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WouldOrderView {
    /// Instrument.
    pub instrument: String,
    /// Side.
    #[schema(value_type = code::OrderSide)]
    pub side: ordercast_model::order::shape::OrderSide,
    /// How many.
    pub quantity: String,
    /// How it would be worked.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its limit or trigger; null at the market.
    #[schema(required)]
    pub price: Option<String>,
}

impl From<Order> for WouldOrderView {
    fn from(order: Order) -> Self {
        let request = order.request;
        Self {
            instrument: request.instrument.to_string(),
            side: request.side,
            quantity: request.quantity.to_string(),
            kind: request.order_type.code().to_owned(),
            price: text(request.order_type.price()),
        }
    }
}

/// What would be decided on one instruction.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WouldDecisionView {
    /// Index of the instruction.
    pub instruction: u32,
    /// How it would stand.
    pub status: code::DecisionStatus,
    /// Stable code of why it would be skipped.
    #[schema(required)]
    pub skip_reason: Option<String>,
    /// Rules that would reduce or refuse, headline first.
    pub breaches: Vec<BreachView>,
    /// One sentence.
    pub message: String,
    /// Orders that would be placed.
    pub orders: Vec<WouldOrderView>,
}

impl From<(Decision, Vec<Order>)> for WouldDecisionView {
    fn from((decision, orders): (Decision, Vec<Order>)) -> Self {
        let (status, skip_reason) = standing(decision.status);
        Self {
            instruction: decision.instruction,
            status,
            skip_reason,
            breaches: decision.breaches.into_iter().map(BreachView::from).collect(),
            message: decision.message,
            orders: orders.into_iter().map(WouldOrderView::from).collect(),
        }
    }
}

/// What the one who asks would have done. Nobody else's account is looked at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WouldView {
    /// Whether you follow the provider; otherwise a follow with the usual settings is assumed.
    pub follows: bool,
    /// What would be decided, instruction by instruction.
    pub decisions: Vec<WouldDecisionView>,
}

impl From<Would> for WouldView {
    fn from(would: Would) -> Self {
        Self {
            follows: would.follows,
            decisions: would.decisions.into_iter().map(WouldDecisionView::from).collect(),
        }
    }
}

/// What a pasted text means, and what would come of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParsedView {
    /// What it means.
    #[serde(flatten)]
    pub reading: ReadingView,
    /// Version of the provider's profile it was read with; 0 when nothing was taught or no provider is named.
    pub profile: u32,
    /// The provider's own format it fits.
    #[schema(required)]
    pub template: Option<String>,
    /// What you would have done; null when no provider is named or nothing is to be done.
    #[schema(required)]
    pub would: Option<WouldView>,
}

impl From<Heard> for ParsedView {
    fn from(heard: Heard) -> Self {
        Self {
            reading: ReadingView::from(&heard.meaning.reading),
            profile: heard.meaning.profile,
            template: heard.meaning.template,
            would: heard.would.map(WouldView::from),
        }
    }
}
