//! The texts of the journal: pending entries, the chain, the feeds.

use crate::dialect::{Text, query};

pub(crate) const HEAD: Text =
    query!("SELECT seq, id, prev_hash, hash FROM journal_chain ORDER BY seq DESC LIMIT 1");
pub(crate) const LINKS: Text =
    query!("SELECT seq, id, prev_hash, hash FROM journal_chain WHERE seq >= $1 ORDER BY seq LIMIT $2");
pub(crate) const PENDING: Text = query!(
    "SELECT j.id, j.body FROM journal_pending p JOIN journal j ON j.id = p.id ORDER BY p.place LIMIT $1"
);
pub(crate) const FEED_HEADS: Text = query!(
    "SELECT l.value, (SELECT MAX(f.user_seq) FROM feed f WHERE f.user_id = l.value) FROM" FROM_LIST ""
);
/// Entries taken from the queue.
pub(crate) const TAKE: Text = query!("DELETE FROM journal_pending WHERE id" IN_LIST "");
/// The first of some entries that stand in the chain already.
pub(crate) const STANDING: Text =
    query!("SELECT id FROM journal_chain WHERE id" IN_LIST "ORDER BY seq LIMIT 1");
/// Entries with everything that is kept beside their bodies to find them by.
pub(crate) const WHOLE: Text = query!(
    "SELECT c.seq, c.prev_hash, c.hash, c.user_id, j.id, j.at, j.kind, j.user_id, j.community_id, j.object_type, \
     j.object_id, j.body FROM journal_chain c JOIN journal j ON j.id = c.id \
     WHERE c.seq >= $1 ORDER BY c.seq LIMIT $2"
);
pub(crate) const FEED: Text = query!(
    "SELECT c.seq, c.prev_hash, c.hash, c.id, j.body, f.user_seq FROM feed f \
     JOIN journal_chain c ON c.seq = f.seq JOIN journal j ON j.id = c.id \
     WHERE f.user_id = $1 AND f.user_seq > $2 ORDER BY f.user_seq LIMIT $3"
);
pub(crate) const OF_USERS: Text = query!(
    "SELECT c.seq, c.prev_hash, c.hash, c.id, j.body FROM journal_chain c JOIN journal j ON j.id = c.id \
     WHERE c.user_id" IN_LIST "AND c.seq < $2 ORDER BY c.seq DESC LIMIT $3"
);
pub(crate) const OF_USERS_AND_KIND: Text = query!(
    "SELECT c.seq, c.prev_hash, c.hash, c.id, j.body FROM journal_chain c JOIN journal j ON j.id = c.id \
     WHERE c.user_id" IN_LIST "AND c.seq < $2 AND j.kind = $4 ORDER BY c.seq DESC LIMIT $3"
);
/// Kinds that begin with `$4`.
pub(crate) const OF_USERS_AND_PREFIX: Text = query!(
    "SELECT c.seq, c.prev_hash, c.hash, c.id, j.body FROM journal_chain c JOIN journal j ON j.id = c.id \
     WHERE c.user_id" IN_LIST "AND c.seq < $2 AND substr(j.kind, 1, length($4)) = $4 \
     ORDER BY c.seq DESC LIMIT $3"
);
pub(crate) const OWN_ENTRY: Text = query!(
    "SELECT c.seq, c.prev_hash, c.hash, c.id, j.body FROM journal_chain c JOIN journal j ON j.id = c.id \
     WHERE c.user_id" IN_LIST "AND c.id = $2"
);
/// The first entry that is neither chained nor pending.
pub(crate) const STRAY: Text = query!(
    "SELECT j.id FROM journal j WHERE NOT EXISTS (SELECT 1 FROM journal_chain c WHERE c.id = j.id) \
     AND NOT EXISTS (SELECT 1 FROM journal_pending p WHERE p.id = j.id) ORDER BY j.id LIMIT 1"
);
/// Counts a role's changes of hands; the text gives the new number.
pub(crate) const FENCE: Text = query!(
    "INSERT INTO leases (id, fence) VALUES ($1, 1) \
     ON CONFLICT (id) DO UPDATE SET fence = leases.fence + 1 RETURNING fence"
);
