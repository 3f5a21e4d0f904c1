//! Equity curves are thinned out: of each account the last point of every span stays.

use crate::dialect::{Text, query};

/// From `$1` up to `$2`, one point of each span of `$3` microseconds, at most `$4` points at once, the oldest.
pub(crate) const THIN: Text = query!(
    "DELETE FROM equity_points WHERE id IN (SELECT p.id FROM equity_points p \
     WHERE p.at >= $1 AND p.at < $2 AND EXISTS (SELECT 1 FROM equity_points l \
     WHERE l.user_id = p.user_id AND l.connection_id = p.connection_id AND l.at > p.at \
     AND l.at < (p.at / $3 + 1) * $3) ORDER BY p.at, p.id LIMIT $4)"
);
