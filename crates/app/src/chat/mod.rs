//! Answers people who type commands and press buttons (PRODUCT SG-04, SG-08), through the same use cases as the API.
//! Decides who is known and who may; refuses to know any chat system.

pub mod approval;
mod catalogue;
pub mod link;
mod manage;
mod pending;
mod publish;
mod setup;
mod show;
mod suggest;
mod toggle;
mod trade;
mod word;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use ordercast_model::{
    chat::{Ask, Card, CommandSpec, Control, Deed, Person, Reply, Server, Spot, Tone},
    community::{Community, Membership},
    ports::{
        BoxFuture,
        chat::Counter,
        source::Intake,
        store::{CommitError, Query, StoreError, SystemQuery, find, find_any, get},
    },
    tenant::{SystemScope, TenantScope},
    user::User,
};

pub(crate) use self::publish::COMMAND;
use crate::{
    access,
    approve::ApproveError,
    context::Context,
    desk::{DeskError, once},
    manual::ManualError,
    switch::SwitchError,
};

/// Servers remembered by what they are; when full all are forgotten, and told again at the next connection.
const SERVERS_MAX: usize = 10_000;
const ASKING: SystemScope =
    SystemScope::housekeeping("somebody at Discord asks before it is known who it is");

/// Why a deed was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// Said to the person as it stands.
    #[error("{0}")]
    Say(String),
    #[error(transparent)]
    Manual(#[from] ManualError),
    #[error(transparent)]
    Desk(#[from] DeskError),
    #[error(transparent)]
    Switch(#[from] SwitchError),
    #[error(transparent)]
    Approve(#[from] ApproveError),
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Answer = Result<Reply, Trouble>;

fn say(text: impl Into<String>) -> Trouble {
    Trouble::Say(text.into())
}

/// Options of a command, as typed.
pub(crate) struct Options(BTreeMap<String, String>);

impl Options {
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    }
}

/// A deed of somebody who is known here.
pub(crate) struct Known {
    pub(crate) ask_id: String,
    pub(crate) person: Person,
    pub(crate) spot: Spot,
    pub(crate) user: User,
}

/// The counter where people ask.
pub struct Reception {
    ctx: Context,
    intake: Arc<dyn Intake>,
    /// Address of the dashboard, without a trailing slash.
    dashboard: String,
    servers: Mutex<BTreeMap<String, Server>>,
}

impl Reception {
    /// A counter. `dashboard` is the address people reach the dashboard at.
    #[must_use]
    pub fn new(ctx: Context, intake: Arc<dyn Intake>, dashboard: &str) -> Arc<Self> {
        Arc::new(Self {
            ctx,
            intake,
            dashboard: dashboard.trim_end_matches('/').to_owned(),
            servers: Mutex::default(),
        })
    }

    fn server(&self, id: &str) -> Option<Server> {
        self.servers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned()
    }

    async fn answer(&self, ask: Ask) -> Reply {
        let press = matches!(ask.deed, Deed::Press { .. });
        let typing = matches!(ask.deed, Deed::Typing { .. });
        let id = ask.id.clone();
        match self.deal(ask).await {
            Ok(reply) => reply,
            Err(_) if typing => Reply::Suggest(Vec::new()),
            Err(trouble) => {
                tracing::debug!(%id, %trouble, press, "a deed was not done");
                Reply::Say(word::trouble(&trouble))
            }
        }
    }

    async fn deal(&self, ask: Ask) -> Answer {
        let user = link::user_of(&self.ctx, &ask.person.id).await?;
        match (ask.deed, user) {
            (Deed::Command { name, .. }, _) if name == "help" => Ok(show::help(&self.dashboard)),
            (Deed::Command { name, .. }, user) if name == "connect" || name == "link" => {
                self.connect(&ask.person, user.as_ref()).await
            }
            (Deed::Typing { .. }, None) => Ok(Reply::Suggest(Vec::new())),
            (_, None) => self.connect(&ask.person, None).await,
            (deed, Some(user)) => {
                let known = Known {
                    ask_id: ask.id,
                    person: ask.person,
                    spot: ask.spot,
                    user,
                };
                self.once(&known, &deed).await?;
                match deed {
                    Deed::Command { name, options } => self.command(&known, &name, &Options(options)).await,
                    Deed::Typing { name, option, text } => {
                        let found = suggest::suggest(&self.ctx, &known, &name, &option, &text).await?;
                        Ok(Reply::Suggest(found))
                    }
                    Deed::Press {
                        control,
                        values,
                        names,
                    } => self.press(&known, &control, (&values, &names)).await,
                }
            }
        }
    }

    /// What changes something is done once for each interaction, whichever process it comes to. What only shows, stops or
    /// guards itself is not asked about: no stop waits for a row.
    async fn once(&self, known: &Known, deed: &Deed) -> Result<(), Trouble> {
        let guarded = match deed {
            Deed::Command { name, .. } => matches!(
                name.as_str(),
                "signal" | "follow" | "unfollow" | "pause" | "resume" | "setup"
            ),
            Deed::Press { control, .. } => control.starts_with("setup:"),
            Deed::Typing { .. } => false,
        };
        if !guarded {
            return Ok(());
        }
        let key = format!("ask:{}", known.ask_id);
        match once::begin(&self.ctx, &known.user, &key, &key, true).await? {
            once::Turn::First(_) => Ok(()),
            _ => Err(say("This was taken before, and is not carried out again")),
        }
    }

    async fn command(&self, known: &Known, name: &str, options: &Options) -> Answer {
        let ctx = &self.ctx;
        if matches!(name, "buy" | "sell" | "signal" | "follow") {
            self.let_in(known, name).await?;
        }
        match name {
            "buy" | "sell" => trade::order(ctx, known, name, options).await,
            "close" => trade::close(ctx, known, options).await,
            "signal" => publish::signal(ctx, self.intake.as_ref(), known, options).await,
            "positions" => show::positions(ctx, &known.user, options).await,
            "orders" => show::orders(ctx, &known.user, options).await,
            "status" => show::status(ctx, &known.user, options).await,
            "risk" => show::risk(ctx, &known.user).await,
            "price" => show::price(ctx, &known.user, options).await,
            "follow" => manage::follow(ctx, known, options).await,
            "unfollow" => manage::unfollow(ctx, known, options).await,
            "pause" => manage::pause(ctx, known, options).await,
            "resume" => manage::resume(ctx, known, options).await,
            "kill" => manage::kill(ctx, known, options).await,
            "approve" => approval::waiting(ctx, &known.user).await,
            "setup" => self.setup(known).await,
            other => Err(say(format!("/{other} is not known here; /help lists what is"))),
        }
    }

    async fn press(
        &self,
        known: &Known,
        control: &str,
        chosen: (&[String], &BTreeMap<String, String>),
    ) -> Answer {
        let (kind, rest) = control.split_once(':').unwrap_or((control, ""));
        match kind {
            "go" | "no" => trade::answered(&self.ctx, known, kind == "go", rest).await,
            "approve" | "skip" | "pick" => approval::answered(&self.ctx, known, kind, rest).await,
            "setup" => self.set_up(known, rest, chosen).await,
            _ => Err(say("This button is of an older version; type the command again")),
        }
    }

    /// A gated community's commands are for those who hold a role. Leaving, stopping and looking are never refused.
    async fn let_in(&self, known: &Known, what: &str) -> Result<(), Trouble> {
        let communities = match &known.spot.guild {
            Some(guild) => community_of(&self.ctx, guild).await?.into_iter().collect(),
            None => communities_of(&self.ctx, &known.user).await?,
        };
        let mut refusal = None;
        for community in communities {
            match access::check(&self.ctx, &community, Some(&known.person.id)).await {
                Ok(()) => return Ok(()),
                Err(why) => refusal = refusal.or(Some((community, why))),
            }
        }
        match refusal {
            None => Ok(()),
            Some((community, why)) => {
                access::note_denial(&self.ctx, &known.user, &community, what).await?;
                Err(say(why))
            }
        }
    }

    /// A link for somebody who is not known, or wants to be known otherwise.
    async fn connect(&self, person: &Person, user: Option<&User>) -> Answer {
        let ticket = link::issue(&self.ctx, &person.id, &person.name).await?;
        let url = format!("{}/link?ticket={}", self.dashboard, ticket.expose());
        let text = match user {
            None => {
                "Your Discord account is not linked with an Ordercast account yet. Open the link while you are logged in \
                 to the dashboard, and confirm there. It works once, for five minutes, and only for you: pass it to nobody."
                    .to_owned()
            }
            Some(user) => format!(
                "You are linked with the Ordercast account {}. Open the dashboard with the link; it works once, for five minutes.",
                user.name
            ),
        };
        let card = Card::new(Tone::Plain, "Link your account", text).row(vec![Control::Link {
            label: "Open the dashboard".to_owned(),
            url,
        }]);
        Ok(Reply::Say(card))
    }
}

impl Counter for Reception {
    fn commands(&self) -> &'static [CommandSpec] {
        catalogue::COMMANDS
    }
    fn take(&self, ask: Ask) -> BoxFuture<'_, Reply> {
        Box::pin(self.answer(ask))
    }
    fn joined(&self, server: Server) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            {
                let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
                if servers.len() >= SERVERS_MAX {
                    servers.clear();
                }
                servers.insert(server.id.clone(), server.clone());
            }
            if let Err(trouble) = setup::greet(&self.ctx, &server).await {
                tracing::warn!(guild = server.id, %trouble, "a new server's owner is not told how to begin");
            }
        })
    }
}

/// The community of a server, if it has one.
async fn community_of(ctx: &Context, guild: &str) -> Result<Option<Community>, StoreError> {
    let query = SystemQuery::CommunityByGuild(guild.to_owned());
    Ok(find_any::<Community>(ctx.store.as_ref(), ASKING, query)
        .await?
        .into_iter()
        .next())
}

/// The communities a user is a member of.
async fn communities_of(ctx: &Context, user: &User) -> Result<Vec<Community>, StoreError> {
    let store = ctx.store.as_ref();
    let mut all = Vec::new();
    for place in find::<Membership>(store, &TenantScope::of_user(user), Query::Memberships).await? {
        let scope = TenantScope::of_community(&place);
        all.extend(get::<Community>(store, &scope, &place.community_id.to_string()).await?);
    }
    Ok(all)
}
