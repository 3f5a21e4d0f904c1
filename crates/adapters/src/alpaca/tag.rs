//! Decides which client order id an order carries at Alpaca. An order that stands for itself carries ours as it is. The
//! vendor makes up an id for the second leg of a one-cancels-other pair and tells nobody which group an order serves, so that
//! the id of protection names all three: its own, the other leg's, the group's.

use ordercast_model::order::identity::ClientOrderId;

/// Between the parts; in none of them.
const BETWEEN: char = '.';
/// Stands for a leg that is not there.
const NOBODY: &str = "-";

/// What a client order id of protection says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// The order's own id.
    pub(super) own: ClientOrderId,
    /// The id of the leg that Alpaca names by itself.
    pub(super) other: Option<ClientOrderId>,
    /// The group it serves.
    pub(super) group: String,
}

impl Tag {
    /// As Alpaca is told it: 128 characters at most.
    pub(super) fn text(&self) -> String {
        let other = self.other.as_ref().map_or(NOBODY, ClientOrderId::as_str);
        format!("{}{BETWEEN}{other}{BETWEEN}{}", self.own, self.group)
    }

    /// Reads it; none when the id is another's or of an order that stands for itself.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, BETWEEN);
        let (own, other, group) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            own: own.parse().ok()?,
            other: match other {
                NOBODY => None,
                id => Some(id.parse().ok()?),
            },
            group: group.to_owned(),
        })
    }
}

/// Our id of an order by what Alpaca shows; none when it is not ours.
pub(super) fn own(text: &str) -> Option<ClientOrderId> {
    text.parse().ok().or_else(|| Tag::read(text).map(|tag| tag.own))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const A: &str = "oc-00000000000000000000000001";
    const B: &str = "oc-00000000000000000000000002";

    #[test]
    fn a_tag_reads_as_it_was_written_and_fits() {
        for other in [Some(B.parse().unwrap()), None] {
            let tag = Tag {
                own: A.parse().unwrap(),
                other,
                group: "lot_01JD0000000000000000000000".to_owned(),
            };
            assert!(tag.text().len() <= 128, "{}", tag.text());
            assert_eq!(Tag::read(&tag.text()), Some(tag));
        }
        assert_eq!(own(A).unwrap().as_str(), A);
        assert_eq!(own(&format!("{A}.{B}.lot_1")).unwrap().as_str(), A);
        for strange in [
            "",
            "oc-1",
            "904837e3-3b76-47ec-b432-046db621571b",
            "x.y.z",
            &format!("{A}.{B}"),
        ] {
            assert!(own(strange).is_none(), "{strange}");
        }
    }
}
