//! Reads Discord, in one process of the deployment at a time.

use std::sync::Arc;

use anyhow::Result;
use ordercast_adapters::discord::{DiscordConfig, DiscordSource};
use ordercast_app::intake::Bookmarks;
use ordercast_model::ports::{BoxFuture, lease::Leadership};

use crate::{
    config::Config,
    lead,
    readiness::{self, Board, Trouble, part},
    run::Running,
};

/// Begins to read, unless there is no bot; tells the board either way.
///
/// # Errors
/// When the source cannot be built.
pub(super) fn read(
    config: &Config,
    running: &Running,
    board: &Arc<Board>,
    leadership: Arc<dyn Leadership>,
    own: &impl Fn(BoxFuture<'static, ()>),
) -> Result<()> {
    let Some(token) = &config.discord.bot_token else {
        let why = "DISCORD_BOT_TOKEN is not set: no messages are read";
        board.expect(part::DISCORD, readiness::Weight::Side, None);
        board.tell(part::DISCORD, Err(Trouble::Limping(why.to_owned())));
        return Ok(());
    };
    let ctx = running.ctx.clone();
    let api_base = (!config.discord.is_vendor()).then(|| config.discord.api_base.clone());
    let settings = DiscordConfig {
        api_base,
        ..DiscordConfig::new(token.secret().clone())
    };
    let bookmarks = Arc::new(Bookmarks(ctx.clone()));
    let (clock, random) = (ctx.clock.clone(), ctx.random.clone());
    let source = DiscordSource::new(&settings, running.door.clone(), bookmarks, clock.clone(), random)?;
    let (board, stop) = (board.clone(), running.stop.clone());
    own(Box::pin(async move {
        // Until this process leads, another one reads.
        board.expect(part::DISCORD, readiness::Weight::Side, None);
        board.tell(part::DISCORD, Ok(()));
        lead::hold(leadership, clock.clone(), "discord", stop, |token| {
            let (source, board, clock) = (source.clone(), board.clone(), clock.clone());
            async move {
                let watch = readiness::watch_discord(board, clock, source.clone());
                tokio::select! {
                    () = token.cancelled() => {}
                    () = watch => {}
                    () = async {
                        // A fault that only an operator can mend stands on the board until the program is restarted.
                        if source.run(token.clone()).await.is_err() {
                            token.cancelled().await;
                        }
                    } => {}
                }
            }
        })
        .await;
    }));
    Ok(())
}
