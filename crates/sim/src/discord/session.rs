//! Gateway sessions and the connections they are attached to: sequence numbers, replay, fan-out.
//! Does not read sockets and does not know messages: frames come in as text.

use super::config::Limits;
use super::fault::Trouble;
use super::snowflake::Snowflake;
use super::{intent, timer};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Frames waiting for one connection, a full replay included. A connection whose queue is full is dropped;
/// its session can be resumed.
pub(crate) const OUTBOX_MAX: usize = 4_096;
/// Open gateway connections; more are refused at the handshake.
const CONNECTIONS_MAX: usize = 512;
/// Sessions kept; beyond that the one detached longest is forgotten.
const SESSIONS_MAX: usize = 1_024;
const DAY: Duration = Duration::from_secs(86_400);
const IDENTIFY_WINDOW: Duration = Duration::from_secs(5);

/// What a connection's writer is told.
#[derive(Clone, Debug)]
pub(crate) enum Out {
    Frame {
        text: Arc<str>,
        delay: Duration,
        /// Break the connection in the middle of this frame.
        cut: bool,
    },
    Close {
        code: u16,
        reason: &'static str,
    },
}

#[derive(Debug)]
struct Connection {
    outbox: mpsc::Sender<Out>,
    session: Option<String>,
}

/// What a bot asked for when it identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) bot: Snowflake,
    pub(crate) intents: u64,
    pub(crate) shard: (u64, u64),
}

impl Identity {
    /// Whether events of this guild (none: private channels) belong to the session's shard.
    pub(crate) fn has_guild(&self, guild: Option<Snowflake>) -> bool {
        let (index, count) = self.shard;
        guild.map_or(0, |id| (id.0 >> 22) % count) == index
    }
}

#[derive(Debug)]
struct Session {
    identity: Identity,
    sequence: u64,
    replay: VecDeque<(u64, Arc<str>)>,
    connection: Option<u64>,
    detached: Instant,
}

#[derive(Debug, Default)]
struct Starts {
    day: Option<Instant>,
    used: u32,
    recent: VecDeque<Instant>,
}

/// Why an identify or a resume was turned down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turned {
    /// The day's identifies are used up.
    StartsUsed,
    /// Too many identifies in five seconds, or nothing to resume: op 9, not resumable.
    Invalid,
    /// The sequence was never reached (close 4007).
    SequenceAhead,
}

/// An event for everybody who may have it.
pub(crate) struct Event<'a> {
    pub(crate) name: &'static str,
    pub(crate) intent: u64,
    pub(crate) guild: Option<Snowflake>,
    pub(crate) data: Arc<str>,
    /// The data for sessions without the message-content intent.
    pub(crate) hidden: Option<Arc<str>>,
    /// Whether a bot may see the event at all.
    pub(crate) sees: &'a dyn Fn(Snowflake) -> bool,
    /// Whether a bot may read the text without the intent (own message, called by name).
    pub(crate) reads: &'a dyn Fn(Snowflake) -> bool,
}

#[derive(Debug, Default)]
pub(crate) struct Hub {
    connections: BTreeMap<u64, Connection>,
    sessions: BTreeMap<String, Session>,
    starts: BTreeMap<Snowflake, Starts>,
    pub(crate) trouble: Trouble,
    last_connection: u64,
    session_serial: u64,
}

fn frame(text: Arc<str>) -> Out {
    Out::Frame {
        text,
        delay: Duration::ZERO,
        cut: false,
    }
}

/// A dispatch as text, in the order of fields Discord uses.
fn dispatch(name: &str, sequence: u64, data: &str) -> Arc<str> {
    format!(r#"{{"t":"{name}","s":{sequence},"op":0,"d":{data}}}"#).into()
}

impl Hub {
    /// Takes a new connection in; `None` when there are too many or connections are refused.
    pub(crate) fn connect(&mut self, outbox: mpsc::Sender<Out>) -> Option<u64> {
        if self.connections.len() >= CONNECTIONS_MAX || self.trouble.refuse_connections {
            return None;
        }
        self.last_connection += 1;
        let connection = Connection {
            outbox,
            session: None,
        };
        self.connections.insert(self.last_connection, connection);
        Some(self.last_connection)
    }

    /// Forgets a connection. Its session stays resumable unless the client ended it (`ended`).
    pub(crate) fn disconnect(&mut self, connection: u64, ended: bool, now: Instant) {
        let gone = self.connections.remove(&connection);
        let Some(id) = gone.and_then(|gone| gone.session) else {
            return;
        };
        if ended {
            self.sessions.remove(&id);
        } else if let Some(session) = self.sessions.get_mut(&id) {
            session.connection = None;
            session.detached = now;
        }
    }

    /// Number of open connections that have a session.
    pub(crate) fn attached(&self) -> usize {
        let linked = self.connections.values();
        linked.filter(|link| link.session.is_some()).count()
    }

    /// The identity behind a connection, once it has identified.
    pub(crate) fn identity(&self, connection: u64) -> Option<Identity> {
        let id = self.connections.get(&connection)?.session.as_ref()?;
        self.sessions.get(id).map(|session| session.identity)
    }

    /// Identifies left today, and the time until the day's count starts anew.
    pub(crate) fn starts_left(&self, limits: &Limits, bot: Snowflake, now: Instant) -> (u32, Duration) {
        let (used, since) = match self.starts.get(&bot) {
            Some(Starts {
                day: Some(day), used, ..
            }) if now.duration_since(*day) < DAY => (*used, *day),
            _ => return (limits.session_starts_max, Duration::ZERO),
        };
        let left = limits.session_starts_max.saturating_sub(used);
        (left, DAY.saturating_sub(now.duration_since(since)))
    }

    /// Opens a session for a connection and returns its id; the caller sends READY through [`Hub::tell`].
    pub(crate) fn identify(
        &mut self,
        limits: &Limits,
        connection: u64,
        identity: Identity,
        now: Instant,
    ) -> Result<String, Turned> {
        if self.starts_left(limits, identity.bot, now).0 == 0 {
            return Err(Turned::StartsUsed);
        }
        let starts = self.starts.entry(identity.bot).or_default();
        starts
            .recent
            .retain(|at| now.duration_since(*at) < IDENTIFY_WINDOW);
        if starts.recent.len() >= usize::try_from(limits.identify_concurrency).unwrap_or(1) {
            return Err(Turned::Invalid);
        }
        starts.recent.push_back(now);
        match starts.day {
            Some(day) if now.duration_since(day) < DAY => starts.used += 1,
            _ => {
                starts.day = Some(now);
                starts.used = 1;
            }
        }
        self.sweep(limits, now);
        self.session_serial += 1;
        let id = format!("{:x}{:08x}", identity.bot.0, self.session_serial);
        self.sessions.insert(
            id.clone(),
            Session {
                identity,
                sequence: 0,
                replay: VecDeque::new(),
                connection: Some(connection),
                detached: now,
            },
        );
        if let Some(link) = self.connections.get_mut(&connection) {
            link.session = Some(id.clone());
        }
        Ok(id)
    }

    fn sweep(&mut self, limits: &Limits, now: Instant) {
        let ttl = Duration::from_millis(limits.session_ttl_ms);
        self.sessions
            .retain(|_, session| session.connection.is_some() || now.duration_since(session.detached) < ttl);
        while self.sessions.len() >= SESSIONS_MAX {
            let detached = self.sessions.iter().filter(|(_, s)| s.connection.is_none());
            let Some(id) = detached.min_by_key(|(_, s)| s.detached).map(|(id, _)| id) else {
                return;
            };
            let id = id.clone();
            self.sessions.remove(&id);
        }
    }

    /// Attaches a connection to an earlier session and sends what it missed, then RESUMED.
    pub(crate) fn resume(
        &mut self,
        limits: &Limits,
        connection: u64,
        bot: Snowflake,
        id: &str,
        sequence: u64,
        now: Instant,
    ) -> Result<(), Turned> {
        self.sweep(limits, now);
        let session = self.sessions.get_mut(id).ok_or(Turned::Invalid)?;
        if session.identity.bot != bot {
            return Err(Turned::Invalid);
        }
        if sequence > session.sequence {
            return Err(Turned::SequenceAhead);
        }
        let missed = session.replay.iter().filter(|(s, _)| *s > sequence);
        let missed: Vec<Arc<str>> = missed.map(|(_, text)| text.clone()).collect();
        if u64::try_from(missed.len()).unwrap_or(0) < session.sequence - sequence {
            self.sessions.remove(id);
            return Err(Turned::Invalid);
        }
        let resumed = dispatch("RESUMED", session.sequence, r#"{"_trace":["simulated"]}"#);
        let before = session.connection.replace(connection);
        if let Some(old) = before.filter(|old| *old != connection) {
            if let Some(link) = self.connections.get_mut(&old) {
                link.session = None;
            }
            self.close(old, 4000, "Session resumed elsewhere.");
        }
        if let Some(link) = self.connections.get_mut(&connection) {
            link.session = Some(id.to_owned());
        }
        for text in missed.into_iter().chain([resumed]) {
            self.send(connection, frame(text));
        }
        Ok(())
    }

    /// Sends a frame that belongs to no sequence (HELLO, ACK, op 7, op 9).
    pub(crate) fn plain(&mut self, connection: u64, text: &str) {
        let delay = self.trouble.delay;
        self.send(
            connection,
            Out::Frame {
                text: text.into(),
                delay,
                cut: false,
            },
        );
    }

    /// Ends a connection with a close frame, after what waits before it.
    pub(crate) fn close(&mut self, connection: u64, code: u16, reason: &'static str) {
        self.send(connection, Out::Close { code, reason });
    }

    fn send(&mut self, connection: u64, out: Out) {
        let Some(link) = self.connections.get(&connection) else {
            return;
        };
        if link.outbox.try_send(out).is_err() {
            tracing::warn!(connection, "a gateway client reads too slowly; dropped");
            self.disconnect(connection, false, timer::now());
        }
    }

    /// Gives one session a numbered dispatch, untouched by trouble.
    pub(crate) fn tell(&mut self, limits: &Limits, id: &str, name: &str, data: &str) {
        if let Some((connection, text)) = self.number(limits, id, name, data) {
            self.send(connection, frame(text));
        }
    }

    /// The same for the session behind a connection.
    pub(crate) fn tell_connection(&mut self, limits: &Limits, connection: u64, name: &str, data: &str) {
        let session = self.connections.get(&connection);
        if let Some(id) = session.and_then(|link| link.session.clone()) {
            self.tell(limits, &id, name, data);
        }
    }

    /// Numbers a dispatch and keeps it for replay. Returns where to send it, if anywhere.
    fn number(&mut self, limits: &Limits, id: &str, name: &str, data: &str) -> Option<(u64, Arc<str>)> {
        let session = self.sessions.get_mut(id)?;
        session.sequence += 1;
        let text = dispatch(name, session.sequence, data);
        if session.replay.len() >= limits.replay_max {
            session.replay.pop_front();
        }
        session.replay.push_back((session.sequence, text.clone()));
        Some((session.connection?, text))
    }

    /// Gives an event to every session that asked for it and may have it.
    pub(crate) fn publish(&mut self, limits: &Limits, event: &Event<'_>) {
        let mut wanted = Vec::new();
        for (id, session) in &self.sessions {
            let who = session.identity;
            if who.intents & event.intent != 0 && who.has_guild(event.guild) && (event.sees)(who.bot) {
                let open = who.intents & intent::MESSAGE_CONTENT != 0 || (event.reads)(who.bot);
                let data = match &event.hidden {
                    Some(hidden) if !open => hidden.clone(),
                    _ => event.data.clone(),
                };
                wanted.push((id.clone(), data));
            }
        }
        let cut = self.trouble.cut;
        for (id, data) in wanted {
            let Some((connection, text)) = self.number(limits, &id, event.name, &data) else {
                continue;
            };
            self.trouble.cut = false;
            for _ in 0..self.trouble.copies() {
                let delay = self.trouble.delay;
                let text = text.clone();
                self.send(connection, Out::Frame { text, delay, cut });
            }
        }
    }

    /// Declares all sessions invalid (op 9); forgets them unless they stay resumable.
    pub(crate) fn invalidate(&mut self, resumable: bool) {
        let text = format!(r#"{{"t":null,"s":null,"op":9,"d":{resumable}}}"#);
        for connection in self.connections() {
            if !resumable && let Some(link) = self.connections.get_mut(&connection) {
                link.session = None;
            }
            self.plain(connection, &text);
        }
        if !resumable {
            self.sessions.clear();
        }
    }

    /// All open connections.
    pub(crate) fn connections(&self) -> Vec<u64> {
        self.connections.keys().copied().collect()
    }
}
