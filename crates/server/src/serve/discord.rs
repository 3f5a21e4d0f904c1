//! Reads Discord and answers people there, in one process of the deployment at a time.

use std::sync::Arc;

use ordercast_adapters::discord::{Desk, DiscordBot, DiscordSource};
use ordercast_app::{chat::Reception, cursor::Bookmarks, notice::Teller};
use ordercast_model::ports::{BoxFuture, lease::Leadership};

use crate::{
    lead,
    readiness::{self, Board, Trouble, part},
    run::{Running, holds_helm},
};

/// Begins to read and to answer, over the gateway where this process leads and by HTTP in every one, unless there is no bot; tells the board either way.
pub(super) fn read(
    (bot, desk): (Option<Arc<DiscordBot>>, Option<Desk>),
    dashboard: &str,
    running: &Running,
    board: &Arc<Board>,
    leadership: Arc<dyn Leadership>,
    own: &impl Fn(BoxFuture<'static, ()>),
) {
    let Some(bot) = bot else {
        let why = "DISCORD_BOT_TOKEN is not set: no messages are read";
        board.expect(part::DISCORD, readiness::Weight::Side, None);
        board.tell(part::DISCORD, Err(Trouble::Limping(why.to_owned())));
        return;
    };
    let ctx = running.ctx.clone();
    let bookmarks = Arc::new(Bookmarks(ctx.clone()));
    let (clock, random) = (ctx.clock.clone(), ctx.random.clone());
    let counter = Reception::new(ctx.clone(), running.door.clone(), dashboard);
    if let Some(desk) = desk {
        // One counter: a card asked for either way is answered either way.
        own(Box::pin(desk.run(
            counter.clone(),
            random.clone(),
            running.stop.clone(),
        )));
    }
    let source = DiscordSource::new(bot, running.door.clone(), bookmarks, Some(counter), random);
    let (board, stop) = (board.clone(), running.stop.clone());
    own(Box::pin(async move {
        // Until this process leads, another one reads.
        board.expect(part::DISCORD, readiness::Weight::Side, None);
        board.tell(part::DISCORD, Ok(()));
        let may = holds_helm(&ctx);
        lead::hold((leadership, may), clock.clone(), "discord", stop, |token| {
            let (source, board, clock) = (source.clone(), board.clone(), clock.clone());
            let teller = Teller::new(ctx.clone());
            async move {
                let watch = readiness::watch_discord(board, clock, source.clone());
                tokio::select! {
                    () = token.cancelled() => {}
                    () = watch => {}
                    () = teller.run(token.clone()) => {}
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
}
