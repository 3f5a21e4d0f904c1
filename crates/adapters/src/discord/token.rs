//! Decides whether a text can be a bot token. Refuses user tokens by their shape where the shape tells, and says why
//! (PRODUCT SEC-12); where it does not tell, Discord itself is asked at start.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ordercast_model::secret::Secret;
use zeroize::Zeroizing;

/// Why a token is refused. Never quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing given.
    #[error("Discord bot token: nothing given")]
    Empty,
    /// A user's token.
    #[error(
        "Discord bot token: this is a user token; automating a user account breaks Discord's terms and gets the \
         account banned. Create a bot in the developer portal and use its token"
    )]
    UserToken,
    /// Not of the form of a bot token.
    #[error(
        "Discord bot token: expected three parts separated by dots, the first being the bot's id in base64, as the \
         developer portal shows under Bot, Token"
    )]
    Shape,
}

/// Whether the text is certainly a user's token: those with two-factor login begin with `mfa.`. Other user tokens look
/// like a bot's and show only when Discord is asked.
#[must_use]
pub fn looks_like_user_token(text: &str) -> bool {
    text.trim().starts_with("mfa.")
}

/// Whether the text can be a bot's token. Asks nobody.
///
/// # Errors
/// Why it cannot; the token is never quoted.
pub fn check_token(token: &Secret<String>) -> Result<(), TokenError> {
    bot(token).map(drop)
}

/// The token with the prefix Discord wants.
pub(super) fn bot(token: &Secret<String>) -> Result<Secret<String>, TokenError> {
    let text = token.expose().trim();
    let text = text.strip_prefix("Bot ").unwrap_or(text).trim();
    if text.is_empty() {
        return Err(TokenError::Empty);
    }
    if looks_like_user_token(text) {
        return Err(TokenError::UserToken);
    }
    let parts: Vec<&str> = text.split('.').collect();
    let [id, time, mac] = parts.as_slice() else {
        return Err(TokenError::Shape);
    };
    let good = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let digits = URL_SAFE_NO_PAD
        .decode(id.trim_end_matches('='))
        .map(Zeroizing::new)
        .is_ok_and(|id| !id.is_empty() && id.iter().all(u8::is_ascii_digit));
    if !digits || !good(time) || !good(mac) {
        return Err(TokenError::Shape);
    }
    Ok(Secret::new(format!("Bot {text}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: Option<TokenError>) {
        let got = bot(&Secret::new(text.to_owned())).err();
        assert_eq!(got, want, "{text}");
        assert!(text.is_empty() || got.is_none_or(|e| !e.to_string().contains(text)));
    }

    #[test]
    fn only_what_can_be_a_bot_token_is_taken() {
        let id = URL_SAFE_NO_PAD.encode("900000000000000021");
        check(&format!("{id}.GabcDE.kQ-_0123456789"), None);
        check(&format!("Bot {id}.GabcDE.kQ-_0123456789"), None);
        check("", Some(TokenError::Empty));
        check("Bot ", Some(TokenError::Shape));
        check("mfa.VkO_2G4Qv3T-", Some(TokenError::UserToken));
        check("Bot mfa.VkO_2G4Qv3T-", Some(TokenError::UserToken));
        check("just-words", Some(TokenError::Shape));
        check(&format!("{id}.only"), Some(TokenError::Shape));
        check(&format!("{id}..x"), Some(TokenError::Shape));
        check(&format!("{id}.a b.x"), Some(TokenError::Shape));
        check(
            &format!("{}.a.b", URL_SAFE_NO_PAD.encode("bearer")),
            Some(TokenError::Shape),
        );
        check("Bearer abc.def.ghi", Some(TokenError::Shape));
    }
}
