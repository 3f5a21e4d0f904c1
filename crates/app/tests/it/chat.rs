//! People type and press; the counter answers: once, for the right person, in time, within the same limits as anywhere.

use std::collections::BTreeMap;

use ordercast_app::chat::{Reception, link};
use ordercast_model::{
    chat::{Ask, Card, Control, Deed, Person, Reply, RoleName, Server, Spot},
    community::{Access, AccessMode, Channel, Community, Key, Provider, ProviderStatus},
    follow::FollowMode,
    notice::NoticeSettings,
    order::identity::Origin,
    ports::{
        chat::Counter,
        clock::Clock,
        store::{Batch, Query, SystemQuery, find, find_any},
    },
    tenant::{SystemScope, TenantScope},
};
use ordercast_testkit::sample::tenant;

use crate::world::{Setup, World, seconds};

const GUILD: &str = "guild 1";
const SYSTEM: SystemScope = SystemScope::housekeeping("test");

struct Desk {
    world: World,
    counter: std::sync::Arc<Reception>,
    asked: u64,
}

fn text(reply: &Reply) -> String {
    match reply {
        Reply::Say(card) | Reply::Change(card) => format!("{}: {}", card.title, card.text),
        Reply::Suggest(choices) => choices
            .iter()
            .map(|c| c.label.clone())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn card(reply: &Reply) -> &Card {
    match reply {
        Reply::Say(card) | Reply::Change(card) => card,
        Reply::Suggest(_) => panic!("{reply:?}"),
    }
}

/// The id of the control with this label or hint.
fn control(reply: &Reply, label: &str) -> String {
    let all = card(reply).controls.iter().flatten();
    let found = all.filter_map(|c| match c {
        Control::Button { id, label: on, .. } if on == label => Some(id.clone()),
        Control::Menu { id, hint, .. } if hint.contains(label) => Some(id.clone()),
        Control::Link { url, label: on } if on == label => Some(url.clone()),
        _ => None,
    });
    let mut found = found;
    found
        .next_back()
        .unwrap_or_else(|| panic!("no {label} in {reply:?}"))
}

impl Desk {
    async fn new(setup: Setup) -> Self {
        let world = World::new(setup).await;
        let counter = Reception::new(world.ctx().clone(), world.door(), "http://desk/");
        Self {
            world,
            counter,
            asked: 9_000,
        }
    }
    async fn ask(&mut self, person: &str, deed: Deed) -> Reply {
        self.asked += 1;
        self.deliver(self.asked, person, deed).await
    }
    async fn deliver(&self, id: u64, person: &str, deed: Deed) -> Reply {
        let ask = Ask {
            id: id.to_string(),
            person: Person {
                id: person.to_owned(),
                name: format!("name {person}"),
            },
            spot: Spot {
                guild: Some(GUILD.to_owned()),
                channel: "1".to_owned(),
                manages: person == "boss",
            },
            at: self.world.clock.now(),
            deed,
        };
        let reply = self.counter.take(ask).await;
        self.world.settle().await;
        reply
    }
    fn command(line: &str) -> Deed {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap().trim_start_matches('/').to_owned();
        let options = words
            .map(|w| w.split_once(':').unwrap())
            .map(|(n, v)| (n.to_owned(), v.to_owned()));
        Deed::Command {
            name,
            options: options.collect(),
        }
    }
    async fn say(&mut self, person: &str, line: &str) -> Reply {
        self.ask(person, Self::command(line)).await
    }
    async fn press(&mut self, person: &str, id: &str, values: &[(&str, &str)]) -> Reply {
        let deed = Deed::Press {
            control: id.to_owned(),
            values: values.iter().map(|(v, _)| (*v).to_owned()).collect(),
            names: values
                .iter()
                .map(|(v, n)| ((*v).to_owned(), (*n).to_owned()))
                .collect::<BTreeMap<_, _>>(),
        };
        self.ask(person, deed).await
    }
    async fn without_cards(&self) {
        let user = self.world.user(1);
        let mut batch = Batch::new();
        batch.insert(NoticeSettings {
            version: 1,
            confirm_slash: false,
            ..NoticeSettings::new(user.id, self.world.clock.now())
        });
        self.world.write(batch).await;
    }
    async fn gate(&self) {
        let community = tenant::community(1);
        let mut batch = Batch::new();
        batch.update(Community {
            version: 2,
            access: Access {
                mode: AccessMode::Gated,
                roles: vec![Key {
                    id: "vip".to_owned(),
                    name: "VIP".to_owned(),
                }],
                how: "Subscribe at the door.".to_owned(),
            },
            ..community
        });
        self.world.write(batch).await;
    }
}

#[tokio::test]
async fn an_order_is_shown_confirmed_once_and_by_its_owner_alone() {
    let mut desk = Desk::new(Setup {
        followers: 2,
        ..Setup::default()
    })
    .await;
    let shown = desk.say("11", "/buy symbol:aapl quantity:3 stop:170").await;
    assert!(text(&shown).contains("buy 3"), "{shown:?}");
    assert!(
        desk.world.at_venue(1).is_empty(),
        "nothing is sent before the yes"
    );
    let confirm = control(&shown, "Confirm");
    let stranger = desk.press("12", &confirm, &[]).await;
    assert!(text(&stranger).contains("somebody else"), "{stranger:?}");
    assert!(desk.world.at_venue(1).is_empty() && desk.world.at_venue(2).is_empty());
    let sent = desk.press("11", &confirm, &[]).await;
    assert!(
        matches!(sent, Reply::Change(_)) && text(&sent).starts_with("Sent"),
        "{sent:?}"
    );
    let again = desk.press("11", &confirm, &[]).await;
    assert!(text(&again).contains("ended"), "{again:?}");
    let orders = desk.world.entries(1).await;
    assert_eq!(orders.len(), 1);
    assert!(
        matches!(orders[0].origin, Origin::Slash(_)),
        "{:?}",
        orders[0].origin
    );
}

#[tokio::test]
async fn a_card_ends_after_its_minute_and_a_cancelled_one_sends_nothing() {
    let mut desk = Desk::new(Setup::default()).await;
    let shown = desk.say("11", "/buy symbol:AAPL quantity:3").await;
    desk.world.pass(seconds(61)).await;
    let late = desk.press("11", &control(&shown, "Confirm"), &[]).await;
    assert!(text(&late).contains("ended"), "{late:?}");
    let shown = desk.say("11", "/buy symbol:AAPL quantity:3").await;
    let no = desk.press("11", &control(&shown, "Cancel"), &[]).await;
    assert!(text(&no).starts_with("Cancelled"), "{no:?}");
    let late = desk.press("11", &control(&shown, "Confirm"), &[]).await;
    assert!(text(&late).contains("ended"), "{late:?}");
    assert!(desk.world.at_venue(1).is_empty());
}

#[tokio::test]
async fn a_card_shown_by_one_process_is_confirmed_at_another_and_a_repeat_there_is_known() {
    let mut here = Desk::new(Setup::default()).await;
    let there = Reception::new(here.world.ctx().clone(), here.world.door(), "http://desk/");
    let elsewhere = |desk: Desk| Desk {
        counter: there.clone(),
        ..desk
    };
    let shown = here.say("11", "/buy symbol:AAPL quantity:3").await;
    let confirm = control(&shown, "Confirm");
    let mut desk = elsewhere(here);
    let sent = desk.press("11", &confirm, &[]).await;
    assert!(text(&sent).starts_with("Sent"), "{sent:?}");
    desk.counter = Reception::new(desk.world.ctx().clone(), desk.world.door(), "http://desk/");
    let again = desk.press("11", &confirm, &[]).await;
    assert!(text(&again).contains("ended"), "{again:?}");
    assert_eq!(desk.world.entries(1).await.len(), 1);
    let pause = Desk::command("/pause");
    let first = desk.deliver(77, "11", pause.clone()).await;
    desk.counter = there;
    let second = desk.deliver(77, "11", pause).await;
    assert!(
        !text(&first).contains("before") && text(&second).contains("taken before"),
        "{first:?} {second:?}"
    );
}

#[tokio::test]
async fn without_cards_a_command_delivered_twice_is_one_order_and_caps_reduce() {
    let mut desk = Desk::new(Setup::default()).await;
    desk.without_cards().await;
    let buy = Desk::command("/buy symbol:AAPL quantity:500");
    let first = desk.deliver(77, "11", buy.clone()).await;
    assert!(text(&first).contains("Reduced"), "{first:?}");
    let second = desk.deliver(77, "11", buy).await;
    assert!(text(&second).contains("before"), "{second:?}");
    let orders = desk.world.entries(1).await;
    assert_eq!(orders.len(), 1);
    assert!(orders[0].request.quantity < crate::world::units("500"));
    let position = desk.say("11", "/close symbol:AAPL percent:0").await;
    assert!(
        text(&position).contains("percent") || text(&position).contains("Percent"),
        "{position:?}"
    );
}

#[tokio::test]
async fn strangers_get_a_link_that_binds_only_after_a_yes_in_the_dashboard() {
    let mut desk = Desk::new(Setup::default()).await;
    for line in ["/buy symbol:AAPL quantity:1", "/kill", "/positions", "/connect"] {
        let reply = desk.say("99", line).await;
        assert!(
            control(&reply, "Open the dashboard").starts_with("http://desk/link?ticket="),
            "{line}: {reply:?}"
        );
    }
    let reply = desk.say("99", "/link").await;
    let url = control(&reply, "Open the dashboard");
    let ticket = url.split_once('=').unwrap().1.to_owned();
    let ctx = desk.world.ctx().clone();
    assert_eq!(link::look(&ctx, &ticket).await.unwrap().discord_id, "99");
    let caller = ordercast_app::identity::Caller::default();
    let user = find_any(
        ctx.store.as_ref(),
        SYSTEM,
        SystemQuery::User(desk.world.user(1).id),
    )
    .await
    .unwrap()
    .remove(0);
    let bound = link::redeem(&ctx, user, &ticket, &caller).await.unwrap();
    assert_eq!(bound.discord_id.as_deref(), Some("99"));
    assert!(
        link::redeem(&ctx, bound, &ticket, &caller).await.is_err(),
        "a link works once"
    );
    assert!(text(&desk.say("99", "/positions").await).starts_with("Positions"));
    let old = desk.say("11", "/positions").await;
    assert!(
        text(&old).contains("not linked"),
        "the account is bound to one person: {old:?}"
    );
    let reply = desk.say("98", "/connect").await;
    let late = control(&reply, "Open the dashboard");
    desk.world.pass(seconds(301)).await;
    assert!(
        link::look(&ctx, late.split_once('=').unwrap().1).await.is_err(),
        "five minutes"
    );
}

#[tokio::test]
async fn two_accounts_never_share_a_person() {
    let desk = Desk::new(Setup {
        followers: 2,
        ..Setup::default()
    })
    .await;
    let ctx = desk.world.ctx().clone();
    let ticket = link::issue(&ctx, "12", "name").await.unwrap();
    let user = find_any(
        ctx.store.as_ref(),
        SYSTEM,
        SystemQuery::User(desk.world.user(1).id),
    )
    .await
    .unwrap()
    .remove(0);
    let caller = ordercast_app::identity::Caller::default();
    let taken = link::redeem(&ctx, user, ticket.expose(), &caller).await;
    assert!(
        matches!(taken, Err(ordercast_app::identity::IdentityError::Taken)),
        "{taken:?}"
    );
}

#[tokio::test]
async fn ac_56_without_the_role_nothing_opens_and_the_stop_still_works() {
    let mut desk = Desk::new(Setup::default()).await;
    desk.gate().await;
    desk.world.chat.set_roles(GUILD, "11", &["vip"]);
    desk.world.post("BUY AAPL @ market SL 170").await;
    assert_eq!(desk.world.verdicts(1).await, ["placed"]);
    desk.world
        .fill(1, ordercast_model::order::identity::Leg::Entry, "1", "180")
        .await;
    let guards = desk.world.guards(1).await;
    assert!(!guards.is_empty(), "a stop stands at the venue");
    desk.world.chat.set_roles(GUILD, "11", &["member"]);
    desk.world.pass(seconds(60)).await;
    desk.world.quote("MSFT", "100");
    desk.world.post("BUY MSFT @ market SL 90").await;
    assert_eq!(
        desk.world.verdicts(1).await.last().map(String::as_str),
        Some("no_access")
    );
    let refused = desk.say("11", "/buy symbol:AAPL quantity:1").await;
    assert!(
        text(&refused).contains("VIP") && text(&refused).contains("Subscribe at the door"),
        "{refused:?}"
    );
    assert_eq!(desk.world.guards(1).await, guards, "the stop stays");
    let close = desk.say("11", "/close symbol:all").await;
    assert!(
        text(&close).starts_with("Confirm"),
        "leaving is never refused: {close:?}"
    );
    assert!(desk.world.kinds().await.contains(&"access.denied".to_owned()));
}

#[tokio::test]
async fn ac_57_a_chat_that_is_away_lets_nobody_in() {
    let mut desk = Desk::new(Setup::default()).await;
    desk.gate().await;
    desk.world.chat.set_away(true);
    let refused = desk.say("11", "/buy symbol:AAPL quantity:1").await;
    assert!(text(&refused).contains("cannot be checked"), "{refused:?}");
    desk.world.post("BUY AAPL @ market SL 170").await;
    assert_eq!(desk.world.verdicts(1).await, ["no_access"]);
    assert!(desk.world.at_venue(1).is_empty());
}

#[tokio::test]
async fn a_card_is_answered_by_button_once_and_by_its_owner() {
    let mut desk = Desk::new(Setup {
        mode: FollowMode::Approve,
        followers: 2,
        ..Setup::default()
    })
    .await;
    desk.world.post("BUY AAPL @ 180").await;
    let shown = desk.say("11", "/approve").await;
    let yes = control(&shown, "Approve");
    let stranger = desk.press("12", &yes, &[]).await;
    assert!(text(&stranger).contains("no such card"), "{stranger:?}");
    let done = desk.press("11", &yes, &[]).await;
    assert!(text(&done).starts_with("Approved"), "{done:?}");
    assert_eq!(desk.world.at_venue(1).len(), 1);
    let skip = yes.replace("approve:", "skip:");
    let again = desk.press("11", &skip, &[]).await;
    assert!(
        text(&again).starts_with("Approved"),
        "the first answer wins: {again:?}"
    );
    assert_eq!(desk.world.verdicts(1).await, ["placed"]);
    let other = desk.say("12", "/approve").await;
    desk.world.pass(seconds(125)).await;
    let late = desk.press("12", &control(&other, "Approve"), &[]).await;
    assert!(text(&late).starts_with("Expired"), "AC-36: {late:?}");
    assert!(desk.world.at_venue(2).is_empty());
}

#[tokio::test]
async fn a_follow_up_that_fits_two_is_chosen_by_button() {
    let mut desk = Desk::new(Setup {
        cash: 1_000_000,
        sizing: crate::world::fixed(4),
        limits: |_| ordercast_model::limits::Limits {
            per_symbol_max: 3,
            ..Default::default()
        },
        followers: 2,
        ..Setup::default()
    })
    .await;
    for stop in ["175", "174"] {
        desk.world.post(&format!("BUY AAPL @ 180 SL {stop}")).await;
        for n in [1, 2] {
            desk.world
                .fill(n, ordercast_model::order::identity::Leg::Entry, "4", "180")
                .await;
        }
        desk.world.pass(seconds(10)).await;
    }
    desk.world.post("close half AAPL").await;
    let shown = desk.say("11", "/approve").await;
    let said = text(&shown);
    assert!(
        said.contains("2 open signals fit") && said.contains("2. AAPL opened"),
        "{said}"
    );
    let second = control(&shown, "2");
    let stranger = desk.press("12", &second, &[]).await;
    assert!(text(&stranger).contains("no such card"), "{stranger:?}");
    let broken = desk.press("11", &second.replace(":2", ":7"), &[]).await;
    assert!(text(&broken).contains("1 to 2"), "{broken:?}");
    let done = desk.press("11", &second, &[]).await;
    assert!(
        text(&done).starts_with("Approved") && text(&done).contains('✓'),
        "{done:?}"
    );
    desk.world.pass(crate::world::MOMENT).await;
    assert_eq!(
        desk.world.guards(1).await,
        ["close 2", "stop 2 @ 175", "stop 4 @ 174"]
    );
    let other = desk.say("12", "/approve").await;
    let none = desk.press("12", &control(&other, "None"), &[]).await;
    assert!(text(&none).starts_with("Skipped"), "{none:?}");
    desk.world.pass(crate::world::MOMENT).await;
    assert_eq!(desk.world.guards(2).await, ["stop 4 @ 174", "stop 4 @ 175"]);
}

#[tokio::test]
async fn kill_and_pause_hold_at_once_and_staff_scopes_are_for_staff() {
    let mut desk = Desk::new(Setup::default()).await;
    assert!(text(&desk.say("11", "/pause").await).starts_with("Paused"));
    desk.world.post("BUY AAPL @ market SL 170").await;
    assert_eq!(desk.world.verdicts(1).await, ["paused"]);
    assert!(text(&desk.say("11", "/resume").await).starts_with("Resumed"));
    for line in ["/kill scope:community", "/kill scope:provider provider:Caller"] {
        let refused = desk.say("11", line).await;
        assert!(text(&refused).contains("role"), "{line}: {refused:?}");
    }
    let flat = desk.say("11", "/kill scope:community flatten:true").await;
    assert!(text(&flat).contains("role"), "{flat:?}");
    assert!(text(&desk.say("11", "/kill").await).starts_with("Stopped"));
    let refused = desk.say("11", "/buy symbol:AAPL quantity:1").await;
    assert!(text(&refused).starts_with("Refused"), "{refused:?}");
    let resumed = desk.say("11", "/resume").await;
    assert!(
        text(&resumed).contains("still in force"),
        "a kill is not lifted here: {resumed:?}"
    );
}

#[tokio::test]
async fn a_provider_publishes_with_full_confidence_and_nobody_else_does() {
    let mut desk = Desk::new(Setup::default()).await;
    let refused = desk.say("11", "/signal action:buy symbol:AAPL stop:170").await;
    assert!(text(&refused).contains("not a provider"), "{refused:?}");
    // The provider speaks as person 1, who is linked with the owner's account.
    let owner = find_any::<ordercast_model::user::User>(
        desk.world.store.as_ref(),
        SYSTEM,
        SystemQuery::User(ordercast_testkit::sample::person::user(1).id),
    )
    .await
    .unwrap()
    .remove(0);
    let mut batch = Batch::new();
    batch.update(ordercast_model::user::User {
        version: owner.version + 1,
        discord_id: Some("1".to_owned()),
        ..owner
    });
    desk.world.write(batch).await;
    let done = desk
        .say("1", "/signal action:buy symbol:AAPL stop:170 targets:190,200")
        .await;
    assert!(text(&done).starts_with("Published"), "{done:?}");
    assert_eq!(desk.world.verdicts(1).await, ["placed"]);
    let signals = desk.world.signals().await;
    assert_eq!(signals[0].reading.confidence.to_string(), "1.000");
    assert!(
        desk.world
            .chat
            .letters()
            .iter()
            .any(|(to, card)| to == "1" && card.title.contains("Caller"))
    );
    // The same deed again is the same signal.
    desk.deliver(
        desk.asked,
        "1",
        Desk::command("/signal action:buy symbol:AAPL stop:170 targets:190,200"),
    )
    .await;
    assert_eq!(desk.world.signals().await.len(), 1);
}

#[tokio::test]
async fn suggestions_name_own_things_only() {
    let mut desk = Desk::new(Setup::default()).await;
    let typing = |name: &str, option: &str, text: &str| Deed::Typing {
        name: name.to_owned(),
        option: option.to_owned(),
        text: text.to_owned(),
    };
    let symbols = desk.ask("11", typing("buy", "symbol", "AA")).await;
    assert!(text(&symbols).contains("AAPL"), "{symbols:?}");
    let follows = desk.ask("11", typing("unfollow", "provider", "")).await;
    assert!(text(&follows).contains("Caller"), "{follows:?}");
    for person in ["99", "12"] {
        let nothing = desk.ask(person, typing("unfollow", "provider", "")).await;
        assert_eq!(nothing, Reply::Suggest(vec![]), "{person}");
    }
}

#[tokio::test]
async fn a_new_server_is_greeted_once_and_set_up_in_steps() {
    let mut desk = Desk::new(Setup::default()).await;
    let server = Server {
        id: "guild 7".to_owned(),
        name: "Fresh".to_owned(),
        owner: "boss".to_owned(),
        notices: None,
        roles: vec![RoleName {
            id: "r1".to_owned(),
            name: "Gold VIP".to_owned(),
        }],
    };
    desk.counter.joined(server.clone()).await;
    desk.counter.joined(server).await;
    let greetings = desk.world.chat.letters();
    assert_eq!(greetings.len(), 1, "{greetings:?}");
    assert!(greetings[0].0 == "boss" && greetings[0].1.text.contains("/setup"));
    let mut batch = Batch::new();
    batch.insert(ordercast_model::user::User {
        discord_id: Some("boss".to_owned()),
        ..ordercast_testkit::sample::person::user(70)
    });
    desk.world.write(batch).await;
    let refused = desk.in_server("guild 7", "11", Desk::command("/setup")).await;
    assert!(text(&refused).contains("manage the server"), "{refused:?}");
    let wizard = desk.in_server("guild 7", "boss", Desk::command("/setup")).await;
    assert!(text(&wizard).starts_with("Set up Fresh"), "{wizard:?}");
    let roles = control(&wizard, "Gold VIP");
    let press = |id: String, value: &str, name: &str| Deed::Press {
        control: id,
        values: vec![value.to_owned()],
        names: BTreeMap::from([(value.to_owned(), name.to_owned())]),
    };
    desk.in_server("guild 7", "boss", press(roles, "r1", "Gold VIP"))
        .await;
    let channels = control(&wizard, "Channels");
    desk.in_server("guild 7", "boss", press(channels, "500", "calls"))
        .await;
    let people = control(&wizard, "Who posts");
    desk.in_server("guild 7", "boss", press(people.clone(), "600", "Ana"))
        .await;
    desk.in_server("guild 7", "boss", press(people, "600", "Ana"))
        .await;
    let store = desk.world.store.as_ref();
    let found =
        find_any::<Community>(store, SYSTEM, SystemQuery::CommunityByGuild("guild 7".to_owned())).await;
    let community = found.unwrap().remove(0);
    assert_eq!(
        (community.access.mode, community.access.roles[0].name.as_str()),
        (AccessMode::Gated, "Gold VIP")
    );
    let scope = TenantScope::of_community(&community);
    let channels: Vec<Channel> = find(store, &scope, Query::Channels).await.unwrap();
    assert_eq!(
        (
            channels.len(),
            channels[0].source_key.as_str(),
            channels[0].enabled
        ),
        (1, "discord:500", true)
    );
    let providers: Vec<Provider> = find(store, &scope, Query::Providers).await.unwrap();
    assert_eq!((providers.len(), providers[0].name.as_str()), (1, "Ana"));
    assert_eq!(providers[0].channels, [channels[0].id]);
    // What was switched on can be switched off again, once, and a person chosen again is on again.
    let card = desk.in_server("guild 7", "boss", Desk::command("/setup")).await;
    let off = control(&card, "Switch a channel");
    let (channel, ana) = (
        format!("channel {}", channels[0].id),
        format!("provider {}", providers[0].id),
    );
    let people = control(&card, "Who posts");
    for (menu, value, enabled, status, version) in [
        (&off, channel.as_str(), false, ProviderStatus::Active, 1),
        (&off, ana.as_str(), false, ProviderStatus::Paused, 2),
        (&off, ana.as_str(), false, ProviderStatus::Paused, 2),
        (&people, "600", false, ProviderStatus::Active, 3),
    ] {
        desk.in_server("guild 7", "boss", press(menu.clone(), value, "x"))
            .await;
        let store = desk.world.store.as_ref();
        let channels: Vec<Channel> = find(store, &scope, Query::Channels).await.unwrap();
        let providers: Vec<Provider> = find(store, &scope, Query::Providers).await.unwrap();
        assert_eq!((channels.len(), providers.len()), (1, 1), "{value}");
        let is = (channels[0].enabled, providers[0].status, providers[0].version);
        assert_eq!(is, (enabled, status, version), "{value}");
    }
}

impl Desk {
    async fn in_server(&mut self, guild: &str, person: &str, deed: Deed) -> Reply {
        self.asked += 1;
        let ask = Ask {
            id: self.asked.to_string(),
            person: Person {
                id: person.to_owned(),
                name: person.to_owned(),
            },
            spot: Spot {
                guild: Some(guild.to_owned()),
                channel: "500".to_owned(),
                manages: person == "boss",
            },
            at: self.world.clock.now(),
            deed,
        };
        self.counter.take(ask).await
    }
}
