//! The journal's tables: what waits, what is chained, what each user sees. Refuses a link or step out of its place.

use std::collections::BTreeMap;

use ordercast_model::{
    ids::UserId,
    journal::entry::{Chained, Entry, FeedStep, Link},
    ports::store::{CommitError, StoreError},
};

use crate::{
    commit::{Stop, write},
    dialect::{Text, Verb},
    prepare::finders,
    queries::journal as texts,
    schema::record,
    session::{Fault, Session},
    value::{Kind, Value, count, list, number, text},
};

/// At most how many entries one answer holds.
fn size(limit: u32) -> Value {
    number(limit.clamp(1, 10_000))
}

fn corrupt(id: &str, why: impl ToString) -> StoreError {
    StoreError::Corrupt {
        table: "journal",
        id: id.to_owned(),
        why: why.to_string(),
    }
}

fn entry(id: &str, body: &str) -> Result<Entry, StoreError> {
    let entry: Entry = serde_json::from_str(body).map_err(|why| corrupt(id, why))?;
    if entry.id.to_string() == id {
        Ok(entry)
    } else {
        Err(corrupt(id, format!("its body says {}", entry.id)))
    }
}

/// Entries that wait for the sequencer.
pub(crate) async fn pending<S: Session>(session: &mut S, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let sql = texts::PENDING.sql(S::DIALECT);
    let rows = session
        .fetch(sql, vec![size(limit)], &[Kind::Text, Kind::Text])
        .await?;
    let read = |row: Vec<Value>| {
        let mut row = row.into_iter().map(Value::into_text);
        let (id, body) = (row.next().unwrap_or_default(), row.next().unwrap_or_default());
        entry(&id, &body)
    };
    rows.into_iter().map(read).collect()
}

/// Links that answer a text.
async fn links_of<S: Session>(
    session: &mut S,
    text_of: Text,
    values: Vec<Value>,
) -> Result<Vec<Link>, StoreError> {
    const COLUMNS: &[Kind] = &[Kind::Number, Kind::Text, Kind::Text, Kind::Text];
    let rows = session.fetch(text_of.sql(S::DIALECT), values, COLUMNS).await?;
    let read = |row: Vec<Value>| {
        let seq = row.first().map_or(0, Value::unsigned);
        let mut row = row.into_iter().skip(1).map(Value::into_text);
        let id = row.next().unwrap_or_default();
        Ok(Link {
            seq,
            id: id.parse().map_err(|why| corrupt(&id, why))?,
            prev_hash: row.next().unwrap_or_default(),
            hash: row.next().unwrap_or_default(),
        })
    };
    rows.into_iter().map(read).collect()
}

/// The last link.
pub(crate) async fn head<S: Session>(session: &mut S) -> Result<Option<Link>, StoreError> {
    Ok(links_of(session, texts::HEAD, Vec::new()).await?.pop())
}

/// Links from a place on.
pub(crate) async fn links<S: Session>(
    session: &mut S,
    from_seq: u64,
    limit: u32,
) -> Result<Vec<Link>, StoreError> {
    links_of(session, texts::LINKS, vec![count(from_seq), size(limit)]).await
}

/// The last number of each user's feed.
pub(crate) async fn feed_heads<S: Session>(
    session: &mut S,
    users: &[UserId],
) -> Result<Vec<(UserId, u64)>, StoreError> {
    let sql = texts::FEED_HEADS.sql(S::DIALECT);
    let rows = session
        .fetch(sql, vec![list(users)], &[Kind::Text, Kind::Number])
        .await?;
    let mut heads = Vec::with_capacity(rows.len());
    for row in rows {
        let head = row.get(1).map_or(0, Value::unsigned);
        if head == 0 {
            continue;
        }
        let user = row.into_iter().next().map(Value::into_text).unwrap_or_default();
        heads.push((user.parse().map_err(|why| corrupt(&user, why))?, head));
    }
    Ok(heads)
}

/// Chained entries that answer a text, and each one's number in the feed where the text gives it.
pub(crate) async fn chained<S: Session>(
    session: &mut S,
    text_of: Text,
    values: Vec<Value>,
    numbered: bool,
) -> Result<Vec<(u64, Chained)>, StoreError> {
    const COLUMNS: &[Kind] = &[
        Kind::Number,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Number,
    ];
    let columns = if numbered {
        COLUMNS
    } else {
        COLUMNS.split_last().map_or(COLUMNS, |(_, rest)| rest)
    };
    let rows = session.fetch(text_of.sql(S::DIALECT), values, columns).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let seq = row.first().map_or(0, Value::unsigned);
        let place = row.get(5).map_or(0, Value::unsigned);
        let mut row = row.into_iter().skip(1).map(Value::into_text);
        let mut next = || row.next().unwrap_or_default();
        let (prev_hash, hash, id, body) = (next(), next(), next(), next());
        let chained = Chained {
            seq,
            entry: entry(&id, &body)?,
            prev_hash,
            hash,
        };
        out.push((place, chained));
    }
    Ok(out)
}

/// Chained entries from a place on, each held against what is kept beside it: a column that says something else than
/// the body, or a body that says more than an entry holds, is as unreadable as a torn one.
pub(crate) async fn whole<S: Session>(
    session: &mut S,
    from_seq: u64,
    limit: u32,
) -> Result<Vec<Chained>, StoreError> {
    use Kind::{Number, Text};
    const COLUMNS: &[Kind] = &[
        Number, Text, Text, Text, Text, Number, Text, Text, Text, Text, Text, Text,
    ];
    let values = vec![count(from_seq), size(limit)];
    let rows = session
        .fetch(texts::WHOLE.sql(S::DIALECT), values, COLUMNS)
        .await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let mut row = row.into_iter();
        let mut next = || row.next().unwrap_or(Value::Text(None));
        let seq = next().unsigned();
        let (prev_hash, hash, chained_for) = (next().into_text(), next().into_text(), next());
        let kept: [Value; 7] = std::array::from_fn(|_| next());
        let (id, body) = (kept[0].clone().into_text(), next().into_text());
        let entry = entry(&id, &body)?;
        is_whole(&entry, &kept, &chained_for, &body)?;
        out.push(Chained {
            seq,
            entry,
            prev_hash,
            hash,
        });
    }
    Ok(out)
}

fn is_whole(entry: &Entry, kept: &[Value; 7], chained_for: &Value, body: &str) -> Result<(), StoreError> {
    let id = entry.id.to_string();
    let expected = finders(entry);
    let columns = record::JOURNAL.1.iter().zip(kept.iter().zip(&expected));
    for (column, (kept, expected)) in columns {
        if kept != expected {
            return Err(corrupt(
                &id,
                format!("its column {column} is not what its body says"),
            ));
        }
    }
    if *chained_for != expected[3] {
        return Err(corrupt(
            &id,
            "the chain's column user_id is not what its body says",
        ));
    }
    let told: serde_json::Value = serde_json::from_str(body).map_err(|why| corrupt(&id, why))?;
    let held = serde_json::to_value(entry).map_err(|why| corrupt(&id, why))?;
    match surplus(&told, &held) {
        Some(field) => Err(corrupt(
            &id,
            format!("its body holds {field}, which no entry has"),
        )),
        None => Ok(()),
    }
}

/// The first field of a body that its entry does not hold.
fn surplus(told: &serde_json::Value, held: &serde_json::Value) -> Option<String> {
    let (Some(told), Some(held)) = (told.as_object(), held.as_object()) else {
        return None;
    };
    told.iter().find_map(|(name, value)| match held.get(name) {
        None => Some(name.clone()),
        Some(inner) => surplus(value, inner).map(|field| format!("{name}.{field}")),
    })
}

/// The text and parameters of users' own entries.
pub(crate) fn of_users(
    users: &[UserId],
    before: Option<u64>,
    kind: Option<&str>,
    limit: u32,
) -> (Text, Vec<Value>) {
    let told = match kind {
        None => texts::OF_USERS,
        Some(kind) if kind.ends_with('.') => texts::OF_USERS_AND_PREFIX,
        Some(_) => texts::OF_USERS_AND_KIND,
    };
    let (told, first) = told.among(users);
    let mut values = vec![first, count(before.unwrap_or(u64::MAX)), size(limit)];
    values.extend(kind.map(text));
    (told, values)
}

/// The parameters of one user's feed.
pub(crate) fn feed_of(user: UserId, after: u64, limit: u32) -> Vec<Value> {
    vec![text(user), count(after), size(limit)]
}

fn duplicate(table: &'static str, key: impl ToString) -> Stop {
    Stop::Refused(CommitError::Duplicate {
        table,
        key: key.to_string(),
    })
}

fn unread(error: StoreError) -> Stop {
    Stop::Refused(error.into())
}

/// Whether every link and step stands right behind what is there.
async fn in_place<S: Session>(session: &mut S, links: &[Link], feed: &[FeedStep]) -> Result<(), Stop> {
    let head = head(session).await.map_err(unread)?;
    let next = head.map_or(0, |head| head.seq.saturating_add(1));
    if let Some((_, wrong)) = (next..).zip(links).find(|(seq, link)| link.seq != *seq) {
        return Err(duplicate("journal_chain", wrong.seq));
    }
    let mut users: Vec<UserId> = feed.iter().map(|step| step.user_id).collect();
    users.sort_unstable();
    users.dedup();
    let mut heads: BTreeMap<UserId, u64> = feed_heads(session, &users)
        .await
        .map_err(unread)?
        .into_iter()
        .collect();
    for step in feed {
        let head = heads.entry(step.user_id).or_default();
        *head = head.saturating_add(1);
        if step.user_seq != *head {
            return Err(duplicate("feed", format!("{} {}", step.user_id, step.user_seq)));
        }
    }
    Ok(())
}

/// Takes the linked entries from the queue; refused when one of them is no longer there.
async fn take<S: Session>(session: &mut S, links: &[Link]) -> Result<(), Stop> {
    let ids = list(links.iter().map(|link| link.id));
    let taken = session
        .execute(texts::TAKE.sql(S::DIALECT), vec![ids.clone()])
        .await?;
    if taken == links.len() as u64 {
        return Ok(());
    }
    let standing = session
        .fetch(texts::STANDING.sql(S::DIALECT), vec![ids], &[Kind::Text])
        .await?;
    let known = standing.into_iter().flatten().next().map(Value::into_text);
    let first = links.first().map(|link| link.id.to_string());
    Err(duplicate("journal_chain", known.or(first).unwrap_or_default()))
}

/// Chains entries inside a transaction somebody else began.
pub(crate) async fn chain<S: Session>(
    session: &mut S,
    links: &[Link],
    feed: &[FeedStep],
) -> Result<(), Stop> {
    in_place(session, links, feed).await?;
    take(session, links).await?;
    let rows: Vec<[Value; 4]> = links
        .iter()
        .map(|link| {
            [
                count(link.seq),
                text(link.id),
                text(&link.prev_hash),
                text(&link.hash),
            ]
        })
        .collect();
    let rows: Vec<&[Value]> = rows.iter().map(<[Value; 4]>::as_slice).collect();
    match write(session, Verb::Chain, &rows).await {
        Ok(written) if written == rows.len() as u64 => {}
        Ok(_) => return Err(Fault::Away("a pending entry is not in the journal".to_owned()).into()),
        Err(Fault::Taken(_)) => {
            return Err(duplicate(
                "journal_chain",
                links.first().map_or(0, |link| link.seq),
            ));
        }
        Err(fault) => return Err(fault.into()),
    }
    let rows: Vec<[Value; 3]> = feed
        .iter()
        .map(|step| [text(step.user_id), count(step.user_seq), count(step.seq)])
        .collect();
    let rows: Vec<&[Value]> = rows.iter().map(<[Value; 3]>::as_slice).collect();
    match write(session, Verb::Feed, &rows).await {
        Ok(_) => Ok(()),
        Err(Fault::Taken(_)) => Err(duplicate("feed", "a number that is taken")),
        Err(fault) => Err(fault.into()),
    }
}
