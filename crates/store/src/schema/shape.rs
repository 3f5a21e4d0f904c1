//! What is known of a table: its columns, whose it is, which key is unique.

use crate::value::Value;

/// One table. Every table also has `id`, `version` and `body`.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its own columns.
    pub(crate) columns: &'static [&'static str],
    /// Columns that say whose a row is; they never change.
    pub(crate) owner: &'static [&'static str],
    /// Columns of its unique key beside `id`; none when empty.
    pub(crate) unique: &'static [&'static str],
}

impl Shape {
    /// Every column, in the order of `schema::values`.
    pub(crate) fn all_columns(&self) -> Vec<&'static str> {
        let mut all = vec!["id", "version"];
        all.extend(self.columns);
        all.push("body");
        all
    }
    /// The value of the unique key that a database says is taken: `constraint` is its name, or the columns it is made
    /// of. What is not the unique key is the primary key.
    pub(crate) fn taken(&self, constraint: &str, values: &[Value]) -> String {
        let name = format!("{}_{}_key", self.name, self.unique.join("_"));
        let columns: Vec<String> = self.unique.iter().map(|c| format!("{}.{c}", self.name)).collect();
        let is_unique = !self.unique.is_empty()
            && (constraint == name || constraint.ends_with(&format!(": {}", columns.join(", "))));
        let wanted: &[&str] = if is_unique { self.unique } else { &["id"] };
        let all = self.all_columns();
        let parts: Vec<String> = wanted
            .iter()
            .filter_map(|column| all.iter().position(|c| c == column))
            .filter_map(|at| values.get(at).cloned())
            .map(Value::into_text)
            .collect();
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use ordercast_model::ports::store::Table;

    use crate::{
        schema::shape,
        value::{number, text},
    };

    #[test]
    fn the_taken_key_is_named_as_either_database_says_it() {
        let values = [
            text("fol_1"),
            number(1),
            text("usr_1"),
            text("prv_2"),
            number(1),
            text("{}"),
        ];
        for (constraint, key) in [
            ("follows_user_id_provider_id_key", "usr_1 prv_2"),
            (
                "UNIQUE constraint failed: follows.user_id, follows.provider_id",
                "usr_1 prv_2",
            ),
            ("follows_pkey", "fol_1"),
            ("UNIQUE constraint failed: follows.id", "fol_1"),
        ] {
            assert_eq!(shape(Table::Follow).taken(constraint, &values), key);
        }
    }
}
