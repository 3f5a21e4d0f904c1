//! Which database keeps the state.

use std::path::{Path, PathBuf};

use super::{hidden::Hidden, reader::Reader, setting, value};

/// Section `database`.
#[derive(Debug, Clone, PartialEq)]
pub struct Database {
    /// Its address; may hold a password.
    pub url: Hidden<String>,
    /// Most connections.
    pub pool: u32,
}

fn address(given: &str) -> Result<Hidden<String>, String> {
    let file = given
        .strip_prefix("sqlite:")
        .map(|rest| rest.strip_prefix("//").unwrap_or(rest));
    let good = match file {
        Some(path) => !path.is_empty() && !path.starts_with(':') && !path.contains('?'),
        None => given.starts_with("postgres://") || given.starts_with("postgresql://"),
    };
    if good {
        value::hidden(given)
    } else {
        Err(String::new())
    }
}

impl Database {
    pub(super) fn read(reader: &mut Reader<'_>, data_dir: &Path) -> Self {
        let mut url = reader
            .value(setting::DATABASE_URL, address)
            .unwrap_or_else(|| Hidden::new(String::new()));
        if !reader.is_given(setting::DATABASE_URL) {
            let folder = data_dir.strip_prefix(".").unwrap_or(data_dir);
            let text = format!("sqlite://{}", folder.join("ordercast.db").display());
            reader.derive(setting::DATABASE_URL, &text);
            url = Hidden::new(text);
        }
        Self {
            url,
            pool: reader
                .value(setting::DB_POOL, value::whole_between::<1, 100>)
                .unwrap_or(16),
        }
    }

    /// Its address as the store takes it.
    #[must_use]
    pub fn address(&self) -> &str {
        self.url.secret().expose()
    }

    /// The file, with SQLite.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        let rest = self.address().strip_prefix("sqlite:")?;
        Some(PathBuf::from(rest.strip_prefix("//").unwrap_or(rest)))
    }
}
