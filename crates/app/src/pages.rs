//! Lists that are read a page at a time: where to go on, and when it is over. Refuses to know what is listed.

use ordercast_model::ports::store::Page;

/// The pages of one list, one after the other.
pub(crate) struct Pages {
    next: Option<Page>,
    limit: u32,
}

impl Pages {
    /// From the beginning, with so many rows at once.
    pub(crate) const fn of(limit: u32) -> Self {
        Self {
            next: Some(Page::first(limit)),
            limit,
        }
    }

    /// The page to read; none when all was read. A page that is not reported by [`Self::read`] is the last.
    pub(crate) const fn next(&mut self) -> Option<Page> {
        self.next.take()
    }

    /// What was read of the page; the list goes on behind its last row. A page that is not full is the last.
    pub(crate) fn read<R>(&mut self, rows: &[R], key: impl FnOnce(&R) -> String) {
        let full = rows.len() >= usize::try_from(self.limit).unwrap_or(usize::MAX);
        self.next = rows.last().filter(|_| full).map(|last| Page {
            after: Some(key(last)),
            limit: self.limit,
        });
    }
}
