//! People and their logins, as they see themselves.

use ordercast_app::identity::{Member, Who};
use ordercast_model::{plan::Plan, user::Session};
use serde::Serialize;
use utoipa::ToSchema;

use super::{code, text};

/// The user who asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserView {
    /// Id.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// Plan.
    #[schema(value_type = code::Plan)]
    pub plan: Plan,
    /// Whether the user operates the platform.
    pub platform_admin: bool,
    /// A user of the demo: simulated market, no real orders.
    pub demo: bool,
    /// First seen.
    pub created_at: String,
}

impl From<&ordercast_model::user::User> for UserView {
    fn from(user: &ordercast_model::user::User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            plan: user.plan,
            platform_admin: user.platform_admin,
            demo: user.demo,
            created_at: user.created_at.to_string(),
        }
    }
}

/// A community the user is a member of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MembershipView {
    /// Community.
    pub community_id: String,
    /// Its name.
    pub name: String,
    /// As what.
    #[schema(value_type = code::Role)]
    pub role: ordercast_model::community::Role,
    /// Since when.
    pub since: String,
}

impl From<Member> for MembershipView {
    fn from(member: Member) -> Self {
        Self {
            community_id: member.membership.community_id.to_string(),
            name: member.community.name,
            role: member.membership.role,
            since: member.membership.created_at.to_string(),
        }
    }
}

/// What a plan allows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntitlementView {
    /// Live broker connections.
    pub live_connections_max: u32,
    /// Paper connections.
    pub paper_connections_max: u32,
    /// Signals a day that open; null = unlimited.
    #[schema(required)]
    pub signals_per_day_max: Option<u32>,
    /// Webhooks.
    pub webhooks: bool,
    /// API requests a minute.
    pub requests_per_minute: u32,
}

impl From<Plan> for EntitlementView {
    fn from(plan: Plan) -> Self {
        let allowed = plan.entitlement();
        Self {
            live_connections_max: allowed.live_connections_max,
            paper_connections_max: allowed.paper_connections_max,
            signals_per_day_max: allowed.signals_per_day_max,
            webhooks: allowed.webhooks,
            requests_per_minute: allowed.requests_per_minute,
        }
    }
}

/// Who is logged in, and what that allows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeView {
    /// The user.
    pub user: UserView,
    /// Session of this request.
    pub session: SessionView,
    /// Communities.
    pub memberships: Vec<MembershipView>,
    /// What the plan allows.
    pub entitlement: EntitlementView,
    /// Demo: simulated market, no real orders.
    pub demo: bool,
}

impl From<Who> for MeView {
    fn from(who: Who) -> Self {
        Self {
            user: UserView::from(&who.user),
            session: SessionView::of(&who.session, true),
            entitlement: who.user.plan.into(),
            demo: who.user.demo,
            memberships: who.members.into_iter().map(MembershipView::from).collect(),
        }
    }
}

/// One login.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionView {
    /// Id.
    pub id: String,
    /// Browser family at login.
    pub agent: String,
    /// When it began.
    pub created_at: String,
    /// Last use, to the minute.
    pub seen_at: String,
    /// When it ends at the latest.
    pub expires_at: String,
    /// The session of this request.
    pub current: bool,
}

impl SessionView {
    /// A login, marked when it is the one that asks.
    #[must_use]
    pub fn of(session: &Session, current: bool) -> Self {
        Self {
            id: session.id.to_string(),
            agent: session.agent.clone(),
            created_at: session.created_at.to_string(),
            seen_at: session.seen_at.to_string(),
            expires_at: session.expires_at.to_string(),
            current,
        }
    }
}

/// How somebody can log in here.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WaysView {
    /// With Discord: `GET /auth/discord`.
    pub discord: bool,
    /// With the link that the demo prints.
    pub demo: bool,
}

/// A CSRF token.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CsrfView {
    /// To be sent as `X-CSRF-Token` with every write.
    pub token: String,
}

/// A token for the live connection.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SocketTokenView {
    /// To be given as `auth.token` at the handshake.
    pub token: String,
    /// When it ends.
    pub expires_at: String,
}

/// How many sessions were ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EndedView {
    /// Sessions ended.
    pub ended: u32,
}

/// A profile that was changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProfileView {
    /// The user.
    pub user: UserView,
    /// Version of the profile.
    pub version: u64,
    /// Discord account, once linked.
    #[schema(required)]
    pub discord_id: Option<String>,
}

impl From<ordercast_model::user::User> for ProfileView {
    fn from(user: ordercast_model::user::User) -> Self {
        Self {
            user: UserView::from(&user),
            version: user.version,
            discord_id: text(user.discord_id),
        }
    }
}
