//! Where values come from: the environment over the file over the defaults. Decides which one counts and refuses names
//! nobody knows; refuses to know what a value means.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use ordercast_model::secret::Secret;

use super::{
    fault::Fault,
    setting::{ALL, CONFIG_FILE, Setting, nearest},
};

/// The file that is read when none is named and it is there.
pub const FILE: &str = "ordercast.toml";
/// Suffix of the variables that name a file holding the value.
const FROM_FILE: &str = "_FILE";
/// Longest content of such a file.
const SECRET_FILE_BYTES_MAX: u64 = 64 * 1024;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody gave one.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// The environment.
    Environment,
    /// A file that a variable named.
    SecretFile(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment => f.write_str("environment"),
            Self::SecretFile(path) => write!(f, "file {}", path.display()),
        }
    }
}

/// A value as it was given.
#[derive(Debug, Clone)]
pub struct Given {
    /// The text.
    pub text: Secret<String>,
    /// Where from.
    pub origin: Origin,
}

/// Values of a file by section and key.
type Values = BTreeMap<(String, String), Secret<String>>;

/// The environment and the file, read but not understood.
#[derive(Debug, Default)]
pub struct Sources {
    environment: BTreeMap<String, Secret<String>>,
    file: Option<(PathBuf, Values)>,
    /// What could not even be read.
    pub(super) faults: Vec<Fault>,
}

impl Sources {
    /// Reads the process's environment and the file that `named`, else `ORDERCAST_CONFIG`, else the working folder names.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the environment"
    )]
    pub fn gather(named: Option<&Path>) -> Self {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            // A value that is no text cannot be one of ours; it is reported by its name if it should have been.
            Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
        });
        let mut sources = Self::of_environment(variables);
        let from_environment = sources
            .environment
            .get(CONFIG_FILE)
            .map(|path| PathBuf::from(path.expose()));
        let path = named
            .map(Path::to_owned)
            .or(from_environment.filter(|path| !path.as_os_str().is_empty()));
        match path {
            Some(path) => sources.read_file(&path),
            None if Path::new(FILE).exists() => sources.read_file(Path::new(FILE)),
            None => {}
        }
        sources
    }

    /// Takes an environment; variables that are not ours are left alone.
    pub fn of_environment(variables: impl Iterator<Item = (String, String)>) -> Self {
        let mut sources = Self::default();
        for (name, value) in variables {
            let secret_file = name.strip_suffix(FROM_FILE).and_then(by_name);
            let known = by_name(&name).is_some()
                || name == CONFIG_FILE
                || secret_file.is_some_and(Setting::file_allowed);
            if known {
                sources.environment.insert(name, Secret::new(value));
            } else if name.starts_with("ORDERCAST_") {
                sources.faults.push(unknown_variable(&name));
            }
        }
        sources
    }

    fn read_file(&mut self, path: &Path) {
        match std::fs::read_to_string(path) {
            Ok(text) => self.take_file(path, &text),
            Err(why) => self.faults.push(Fault::about(
                path.display().to_string(),
                format!("the configuration file cannot be read: {why}"),
            )),
        }
    }

    /// Takes a configuration file's text.
    pub fn take_file(&mut self, path: &Path, text: &str) {
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                let error: toml::de::Error = error;
                let line = error.span().map_or(1, |span| {
                    text.get(..span.start).map_or(1, |t| t.matches('\n').count() + 1)
                });
                let why = format!("line {line} is not TOML: {}", error.message());
                self.faults.push(Fault::about(path.display().to_string(), why));
                return;
            }
        };
        let mut values = Values::new();
        for (section, content) in table {
            let Some(keys) = content.as_table() else {
                self.faults.push(unknown_key(path, &section));
                continue;
            };
            for (key, value) in keys {
                let name = format!("{section}.{key}");
                match (by_place(&section, key), plain(value)) {
                    (None, _) => self.faults.push(unknown_key(path, &name)),
                    (Some(setting), None) => self.faults.push(Fault {
                        name: setting.name.to_owned(),
                        message: format!(
                            "expected {}, as text in quotes, got {}",
                            setting.expected,
                            value.type_str()
                        ),
                        origin: Some(Origin::File(path.to_owned())),
                    }),
                    (Some(_), Some(text)) => {
                        values.insert((section.clone(), key.clone()), Secret::new(text));
                    }
                }
            }
        }
        self.file = Some((path.to_owned(), values));
    }

    /// The value of a setting; an empty one counts as not given.
    ///
    /// # Errors
    /// When a file that should hold it cannot be read, or it is given twice.
    pub fn value(&self, setting: &Setting) -> Result<Option<Given>, Fault> {
        let variable = |name: &str| {
            self.environment
                .get(name)
                .filter(|text| !text.expose().trim().is_empty())
        };
        let direct = variable(setting.name);
        let file_name = format!("{}{FROM_FILE}", setting.name);
        let named = if setting.file_allowed() {
            variable(&file_name)
        } else {
            None
        };
        match (direct, named) {
            (Some(_), Some(_)) => Err(Fault::about(
                setting.name,
                format!("given twice: also as {file_name}; give one of them"),
            )),
            (Some(text), None) => Ok(Some(Given {
                text: text.clone(),
                origin: Origin::Environment,
            })),
            (None, Some(path)) => read_secret(&file_name, Path::new(path.expose().trim())).map(Some),
            (None, None) => Ok(self.in_file(setting)),
        }
    }

    fn in_file(&self, setting: &Setting) -> Option<Given> {
        let (path, values) = self.file.as_ref()?;
        let text = values.get(&(setting.section.to_owned(), setting.key.to_owned()))?;
        let given = Given {
            text: text.clone(),
            origin: Origin::File(path.clone()),
        };
        (!text.expose().trim().is_empty()).then_some(given)
    }
}

fn read_secret(name: &str, path: &Path) -> Result<Given, Fault> {
    let failed =
        |why: String| Fault::about(name, format!("the file {} cannot be used: {why}", path.display()));
    let size = std::fs::metadata(path)
        .map_err(|why| failed(why.to_string()))?
        .len();
    if size > SECRET_FILE_BYTES_MAX {
        return Err(failed(format!("{size} bytes, more than any value has")));
    }
    let text = std::fs::read_to_string(path).map_err(|why| failed(why.to_string()))?;
    if text.trim().is_empty() {
        return Err(failed("it is empty".to_owned()));
    }
    Ok(Given {
        text: Secret::new(text.trim().to_owned()),
        origin: Origin::SecretFile(path.to_owned()),
    })
}

fn by_name(name: &str) -> Option<&'static Setting> {
    ALL.iter().copied().find(|setting| setting.name == name)
}

fn by_place(section: &str, key: &str) -> Option<&'static Setting> {
    ALL.iter()
        .copied()
        .find(|setting| setting.section == section && setting.key == key)
}

fn unknown_variable(name: &str) -> Fault {
    let names = ALL.iter().map(|setting| setting.name).chain([CONFIG_FILE]);
    let hint = nearest(name, names).map_or(String::new(), |meant| format!("; did you mean {meant}?"));
    let secretless = name.strip_suffix(FROM_FILE).and_then(by_name);
    let hint = secretless.map_or(hint, |setting| {
        format!("; {} is no secret and is given directly", setting.name)
    });
    Fault {
        name: name.to_owned(),
        message: format!("no such setting{hint}"),
        origin: Some(Origin::Environment),
    }
}

fn unknown_key(path: &Path, name: &str) -> Fault {
    let places: Vec<String> = ALL
        .iter()
        .map(|setting| format!("{}.{}", setting.section, setting.key))
        .collect();
    let meant = nearest(name, places.iter().map(String::as_str));
    let hint = meant.map_or(String::new(), |meant| format!("; did you mean {meant}?"));
    Fault {
        name: name.to_owned(),
        message: format!("no such setting{hint}"),
        origin: Some(Origin::File(path.to_owned())),
    }
}

/// A value as the text the environment would carry. Numbers with a point are not taken: they would be rounded.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(on) => Some(if *on { "on" } else { "off" }.to_owned()),
        toml::Value::Array(list) => {
            let texts: Option<Vec<String>> =
                list.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            texts.map(|texts| texts.join(","))
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}
