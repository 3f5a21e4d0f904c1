//! Suggestions while an option is typed. Changes nothing; shows nobody anything of others.

use ordercast_model::{chat::Choice, ports::store::Page};

use super::{Known, Trouble};
use crate::{
    context::Context,
    desk::{connection, market, position, provider},
};

/// Suggestions shown.
const MOST: usize = 25;

/// What could be meant.
pub(super) async fn suggest(
    ctx: &Context,
    known: &Known,
    command: &str,
    option: &str,
    text: &str,
) -> Result<Vec<Choice>, Trouble> {
    let user = &known.user;
    let all: Vec<Choice> = match (command, option) {
        ("close", "symbol") => {
            let open = position::list(ctx, user, true, Page::first(100)).await?;
            let held = open.iter().map(|m| {
                let label = format!("{} ({})", m.position.instrument, m.position.quantity);
                (label, m.position.instrument.to_string())
            });
            held.chain([("all".to_owned(), "all".to_owned())])
                .map(choice)
                .collect()
        }
        (_, "symbol") => {
            let found = market::instruments(ctx, user, None, text, MOST).await?;
            return Ok(found
                .iter()
                .map(|rules| choice((rules.instrument.to_string(), rules.instrument.to_string())))
                .collect());
        }
        (_, "connection") => {
            let own = connection::list(ctx, user).await?;
            own.into_iter()
                .map(|c| choice((c.label, c.id.to_string())))
                .collect()
        }
        (_, "provider") => {
            let listed = provider::list(ctx, user).await?;
            let followed = matches!(command, "unfollow" | "pause" | "resume");
            let shown = listed.into_iter().filter(|l| match command {
                "follow" => l.follow.is_none(),
                _ => !followed || l.follow.is_some(),
            });
            shown
                .map(|l| {
                    choice((
                        format!("{} ({})", l.provider.name, l.community_name),
                        l.provider.id.to_string(),
                    ))
                })
                .collect()
        }
        _ => Vec::new(),
    };
    let typed = text.trim().to_lowercase();
    let fits = |c: &Choice| c.label.to_lowercase().contains(&typed);
    Ok(all.into_iter().filter(fits).take(MOST).collect())
}

fn choice((label, value): (String, String)) -> Choice {
    Choice { label, value }
}
