// Generated from crates/web/openapi.json by `npm run api`. Do not edit.

export interface paths {
    "/api/v1/admin/reconcile-only": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the program only compares and opens nothing, since an older state of its store was restored, and which
         *     connections are still to be compared. For platform admins.
         */
        get: operations["show_reconcile_only"];
        put?: never;
        post?: never;
        /**
         * Lets positions be opened again: for a platform admin, with the typed word, a reason and a step-up, once every connection
         *     in use was compared with its broker. Until then 423 says how many are not.
         */
        delete: operations["lift_reconcile_only"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/lock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Locks every account of a user: nothing opens until a platform admin unlocks; what works at the broker stays, closing and
         *     protection go on. For platform admins.
         */
        post: operations["lock_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lifts every lock of the accounts of a user, whoever set it, the second of a session day too. For platform admins, with the
         *     typed word, a reason and a step-up.
         */
        post: operations["unlock_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cards that wait for an answer, newest first. */
        get: operations["list_approvals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One card, answered or not. */
        get: operations["show_approval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says yes; what is asked is judged afresh with the numbers of this moment. */
        post: operations["approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says no; nothing is placed. */
        post: operations["decline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/csrf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The token every write carries as `X-CSRF-Token`; the same for the whole session. */
        get: operations["csrf_token"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/demo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a one-time ticket and begins a session. A ticket works once. */
        post: operations["demo_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/demo/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The code that the demo's authenticator would show now, so that a newcomer can step up without one. */
        get: operations["demo_code"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/discord": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sends the browser to Discord's page, and back to `next` once it is logged in. Answers 404 where no login with Discord is
         *     set up.
         */
        get: operations["begin_discord_login"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/discord/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Takes the code that Discord hands back and begins a session; an earlier session of this browser ends. Every state and
         *     code works once, within five minutes, in the browser that left.
         */
        get: operations["finish_discord_login"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends this session; its live connections close within a second. With the last one, what Discord gave is revoked there. */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends every session of the user, this one included. */
        post: operations["logout_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is logged in, with communities and what the plan allows. */
        get: operations["show_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes ten new recovery codes; needs a step-up. The old ones are void, and these are in this answer alone. */
        post: operations["new_recovery_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives this session a new cookie value; the old one works on for a minute. What Discord gave at the login is renewed when
         *     it ends within five minutes; where Discord refuses that, the session ends.
         */
        post: operations["refresh_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The devices that are logged in, newest first. */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Logs one device out; its live connections close within a second. */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/socket-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A token for the live connection, bound to this session. */
        post: operations["socket_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows a code of the authenticator, or a recovery code. Each works once. For ten minutes this session may then do what
         *     loosens; its cookie is replaced, and the old one works on for a minute. Five wrong codes in 15 minutes lock for 15.
         */
        post: operations["step_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What stands of the own second factor. */
        get: operations["show_totp"];
        put?: never;
        /**
         * Begins to set an authenticator up. The secret is in this answer alone, and in force once it is confirmed with a code,
         *     within 15 minutes; asking again voids it.
         */
        post: operations["begin_totp"];
        /** Removes the authenticator and all recovery codes; needs a step-up. What needs one is refused until another is set up. */
        delete: operations["remove_totp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirms the authenticator with its first code, which steps this session up as well. The recovery codes are in this
         *     answer alone.
         */
        post: operations["confirm_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How somebody can log in here. */
        get: operations["show_ways"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/brokers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The venues that are enabled, by code, with what they can do. */
        get: operations["list_brokers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/brokers/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One venue, with the credential fields it needs. */
        get: operations["show_broker"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The communities one is in, by name, with the limits they set. */
        get: operations["list_communities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{id}/caps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The limits that bind orders by the community's signals; for its members. */
        get: operations["show_caps"];
        /**
         * Sets all limits of the community; what is null adds nothing. For its admins. The strictest of platform, community, user
         *     and follow applies, and a refusal says whose it was. They bind the orders by the community's signals and those its
         *     traders give by hand. What tightens holds at once; what loosens needs a step-up and holds ten minutes later, and stands
         *     under `pending` until then.
         */
        put: operations["set_caps"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{id}/locks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Members whom the staff of the community is to unlock: locked by its circuit breaker while it demands that. For its admins. */
        get: operations["list_locks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{id}/staff-unlocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Says who unlocks a follower whom the community's circuit breaker locks. For its admins; taking it back needs a step-up. */
        put: operations["set_staff_unlocks"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/communities/{id}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lifts the lock that a limit of the community set on the account of a member, where the community demands that its staff
         *     does: from 15 minutes after it, once per session day. For its admins, with the typed word and a step-up; it stands in the
         *     journals of both, and the member is told. Until it can be lifted 423 says from when.
         */
        post: operations["unlock_member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own connections, newest first. */
        get: operations["list_connections"];
        put?: never;
        /**
         * Connects: opens an account at the built-in venue, or tries and seals a credential to one at a broker. Real money needs a
         *     session that was stepped up.
         */
        post: operations["create_connection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One connection. */
        get: operations["show_connection"];
        put?: never;
        post?: never;
        /**
         * Removes a connection: its entries are cancelled, levels watched for it end, its credential is destroyed, its history
         *     stays. With open orders or positions it answers 409 until the name is given.
         */
        delete: operations["remove_connection"];
        options?: never;
        head?: never;
        /** Changes label and defaults. */
        patch: operations["update_connection"];
        trace?: never;
    };
    "/api/v1/connections/{id}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks the broker whether the connection works and compares the books with it. This is how a connection whose credential
         *     was refused is tried again. Safe to repeat.
         */
        post: operations["sync_connection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/oauth/{kind}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sends the user to the broker's page, or gives its address where JSON is asked for. Real money needs a session that was
         *     stepped up. Answers 404 for brokers that are not set up for this.
         */
        get: operations["begin_authorisation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/oauth/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Takes the code that the broker hands back and connects the account. Every state and code works once, within five minutes,
         *     in the session that left.
         */
        get: operations["finish_authorisation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries a credential: asks the broker for the account behind it. Nothing is kept. Safe to repeat. */
        post: operations["test_credential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/discord/interactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes one interaction that Discord posts, at most 128 KiB, signed with Ed25519 over timestamp and body. No login and no
         *     CSRF token; the signature is the key. A timestamp more than 300 s off is refused; the same interaction is answered again
         *     and carried out once.
         */
        post: operations["take_interaction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own executions, newest first. */
        get: operations["list_fills"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/follows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own follows, newest first. */
        get: operations["list_follows"];
        put?: never;
        /** Begins to follow a provider of one of the own communities. */
        post: operations["create_follow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/follows/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One follow. */
        get: operations["show_follow"];
        put?: never;
        post?: never;
        /** Ends a follow; what it opened stays open and protected. */
        delete: operations["end_follow"];
        options?: never;
        head?: never;
        /**
         * Changes the settings; what is left out stays. A cap that is loosened needs a step-up and holds ten minutes later; until
         *     then it stands under `pending`.
         */
        patch: operations["update_follow"];
        trace?: never;
    };
    "/api/v1/follows/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switches a follow off; what it opened stays open and protected. */
        post: operations["pause_follow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/follows/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switches a follow on again. */
        post: operations["resume_follow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a webhook for good; its address ends at once. */
        delete: operations["remove_hook"];
        options?: never;
        head?: never;
        /** Changes a webhook; also switches it on and off. What is left out stays. */
        patch: operations["update_hook"];
        trace?: never;
    };
    "/api/v1/hooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The last hundred deliveries of a webhook, newest first, each with what became of it. Knocks without the secret are not
         *     deliveries.
         */
        get: operations["list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{id}/deliveries/{number}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Repeats a delivery by hand. It is read anew and passes the same duplicates and age: what was taken is not taken twice,
         *     and its age counts from the first time.
         */
        post: operations["replay_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads a body as a delivery to this webhook would be read. Nothing is stored, nothing is traded. */
        post: operations["preview_hook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a webhook a new address, shown by this answer alone. The one before works for 24 hours more. */
        post: operations["rotate_hook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{whk}/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes one signal of a provider in: TradingView's JSON, `key=value` text, or plain words, at most 64 KiB of UTF-8. No
         *     login and no CSRF token; the secret in the address is the key. Answered once it is stored. The same `id`, or the same
         *     body within 60 s, counts once. `X-Ordercast-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">` where the
         *     webhook asks for it.
         */
        post: operations["deliver_signal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own entries, newest first, with their hashes. */
        get: operations["list_journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/journal/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One own entry. */
        get: operations["show_entry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/journal/{id}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * That an own entry is counted by the newest checkpoint (RFC 6962, 2.1.1). The entry is given whole, so that its hash
         *     can be computed again: `verifier/journal.py --proof FILE` does.
         */
        get: operations["prove_entry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/journal/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The journal's checkpoints, newest first. Open to everybody: who keeps one can later show that entries are missing
         *     or were changed (`ordercast journal verify --checkpoint FILE`).
         */
        get: operations["list_checkpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/journal/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** That the journal only grew between two states of it (RFC 6962, 2.1.2). */
        get: operations["prove_growth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/journal/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public key that entry 0 of the journal names. */
        get: operations["journal_key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/journal/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Recomputes every hash of a range and names the first entry at fault. Says nothing of what the entries hold. */
        post: operations["verify_journal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/market/bars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Bars of one symbol, oldest first. */
        get: operations["list_bars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/market/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether each asset class is trading now, and when that changes. */
        get: operations["show_calendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/market/instruments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The instruments whose symbol holds `q`, those that begin with it first; at most the first 1,000. */
        get: operations["list_instruments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/market/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Bid, ask and last trade of up to 50 symbols. */
        get: operations["list_quotes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own profile. */
        get: operations["show_profile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes the name shown. */
        patch: operations["update_profile"];
        trace?: never;
    };
    "/api/v1/me/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fills, refusals, limits and outages of the user, newest first, whether or not they are told in private as well. A page
         *     may be shorter than asked for; `next_cursor` says where to go on.
         */
        get: operations["list_notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the user wants to be told in private. */
        get: operations["show_notices"];
        /** Sets what the user wants to be told in private. */
        put: operations["set_notices"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own orders, newest first. */
        get: operations["list_orders"];
        put?: never;
        /** Places an order through the same gate as a signal's. A cap refuses unless `on_cap` is `reduce`. */
        post: operations["place_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One order. */
        get: operations["show_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks for an own order to be cancelled; what the venue says counts, and comes over the feed. A leg of the protection
         *     is refused (RK-24) while the limits require a stop.
         */
        post: operations["cancel_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Settles an escalated order of anybody and gives back what it had reserved. For platform admins; needs a step-up. */
        post: operations["resolve_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Stage times, journal steps and fills of one order. */
        get: operations["order_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/cancel-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for every own entry that works to be cancelled; stops and targets of what is held stay. */
        post: operations["cancel_all_orders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/outside": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Working orders that were placed at a broker by hand, as the last comparison found them: at most 100 of an account, those
         *     seen last first. They count as used in limits. Kill, flatten and cancel-all leave them alone.
         */
        get: operations["list_outside_orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What an order would lead to now. Nothing is stored, nothing is sent. */
        post: operations["preview_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portfolio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What every account is worth now; paper and live are totalled apart. */
        get: operations["show_portfolio"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portfolio/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The equity curve of every account, oldest first, at most 5,000 points. */
        get: operations["portfolio_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own holdings, newest first, marked at the newest quote. */
        get: operations["list_positions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One holding, marked at the newest quote. */
        get: operations["show_position"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes a holding, or a part of it, at the market. Never turns it around. */
        post: operations["close_position"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Watches the stop and targets of a holding again, after its price had jumped without a trade (a split, a new symbol). */
        post: operations["resume_position"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/positions/close-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes everything that is held, at the market. */
        post: operations["close_all_positions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The providers of the own communities, by name. */
        get: operations["list_providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One provider of the own communities. */
        get: operations["show_provider"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{id}/hooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The webhooks of a provider one may manage, newest first. Secrets are not among what is shown. */
        get: operations["list_hooks"];
        put?: never;
        /**
         * Makes a webhook for a provider one may manage; plan Pro and up. The answer alone holds its address and signing key,
         *     so that it is never kept: a lost answer means another webhook, or a rotation.
         */
        post: operations["create_hook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{id}/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a provider one manages taught of its own way of writing; version 0 when nothing was taught. */
        get: operations["show_provider_profile"];
        /**
         * Makes a new version of what a provider taught, which the next message is read with. What is left out is empty; what
         *     is taught already makes no new version. Every fault is named by its field.
         */
        put: operations["set_provider_profile"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{id}/profile/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reads the last 50 messages of a provider again, with the profile in force and with one that is not saved, newest
         *     first. Nothing is stored, nothing is traded.
         */
        post: operations["try_provider_profile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{id}/profile/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every version of what a provider one manages taught, newest first. A signal names the one it was read with. */
        get: operations["list_provider_profiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/risk/kill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stops opening and cancels open entries; stops and targets stay. With `flatten` what it covers is closed as well, with
         *     `freeze` (platform only) nothing leaves at all. Answered when it is durable and binds every process: nothing new goes out after the
         *     answer; it says how many entries are being cancelled, and events tell of each.
         *     Needs no confirmation: stopping is never made slower; lifting takes the typed word and a step-up. The platform's kill
         *     needs a step-up itself.
         */
        post: operations["kill"];
        /** Lifts a kill: with the typed word and a step-up; the platform's with a reason as well. */
        delete: operations["lift_kill"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/risk/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own limits; `ETag` carries the version. */
        get: operations["show_limits"];
        /**
         * Sets all own limits. Each must be within its range; the first that is not is named. What tightens holds at once. What
         *     loosens needs a step-up and holds ten minutes later; until then it stands under `pending`. A limit that is sent as it
         *     stands keeps what is pending for it. Without the step-up nothing is changed at all.
         */
        put: operations["set_limits"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/risk/limits/pending/{limit}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes back that a limit is to be loosened. Needs nothing, since it tightens. */
        delete: operations["withdraw_limit"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/risk/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops opening; what is held stays, exits go on. The platform's pause needs a step-up. */
        post: operations["pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/risk/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lifts a pause. A kill or a lock is lifted elsewhere. */
        post: operations["resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/risk/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Switches that bind the user, and what each account uses of the limits. */
        get: operations["risk_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/risk/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lifts the lock that the circuit breaker set on a connection: from 15 minutes after it, once per session day. A second
         *     lock in one session day is lifted by a platform admin, or on the next session day. Until then 423 says from when.
         *     What a limit of a community locked that demands so is lifted by its staff alone, and what the platform locked by a platform
         *     admin. Needs the typed word and a step-up.
         */
        post: operations["unlock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signals of the own communities, newest first, each with the own decisions. */
        get: operations["list_signals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One signal with every revision of its message. */
        get: operations["show_signal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signals/{id}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own decisions on a signal, oldest first, each with its reason. */
        get: operations["list_decisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signals/parse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads a text as a message posted now would be read. Nothing is stored, nothing is traded. */
        post: operations["parse_text"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers. Says nothing of its parts; see `/readyz`. */
        get: operations["alive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The truth about each part. 503 when a part is down; degraded parts are named and the program goes on. */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is running. */
        get: operations["version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What one account uses of the limits. */
        AccountRiskView: {
            /** @description Connection. */
            connection_id: string;
            /** @description The daily loss limit tripped on this session day. */
            daily_loss_tripped: boolean;
            /** @description Limits with what is used. */
            usage: components["schemas"]["UsageView"][];
        };
        /** @description What one account is worth. */
        AccountView: {
            /** @description Broker code. */
            broker: string;
            /** @description Buying power less what working orders take up. */
            buying_power: string;
            /** @description Cash. */
            cash: string;
            /** @description Connection. */
            connection_id: string;
            /** @description Currency of all amounts. */
            currency: string;
            /** @description Result since the session day began. */
            day_pnl: string;
            /** @description The same in per cent of the equity at the start of the day. */
            day_pnl_pct: string;
            /** @description Fall from the day's highest equity, per cent. */
            drawdown_pct: string;
            /** @description Equity at the marks. */
            equity: string;
            /** @description Sum of absolute market values. */
            exposure: string;
            /** @description The same in per cent of equity. */
            exposure_pct: string;
            /** @description Its name. */
            label: string;
            /** @description Paper or live. */
            mode: components["schemas"]["Mode"];
            /**
             * Format: int32
             * @description Orders that may still fill.
             */
            open_orders: number;
            /**
             * Format: int32
             * @description Holdings.
             */
            open_positions: number;
            /** @description When the venue was last asked. */
            synced_at: string;
            /** @description Result of what is held, at the marks. */
            unrealised: string;
        };
        /**
         * @description What an instruction does.
         * @enum {string}
         */
        Action: "open" | "add" | "reduce" | "close" | "update_stop" | "update_target" | "cancel";
        /**
         * @description Who acted.
         * @enum {string}
         */
        ActorKind: "user" | "provider" | "admin" | "system" | "broker" | "webhook";
        /** @description Who acted. */
        ActorView: {
            /** @description Id, or the name of a part of the system. */
            id: string;
            /** @description What kind. */
            type: components["schemas"]["ActorKind"];
        };
        /** @description The process answers. */
        AliveView: {
            /** @description Always `ok`: a process that does not answer says nothing. */
            status: string;
        };
        /**
         * @description How a card stands.
         * @enum {string}
         */
        ApprovalState: "pending" | "approved" | "declined" | "expired";
        /** @description A card that asks. */
        ApprovalView: {
            /** @description When it was answered. */
            answered_at: string | null;
            /** @description What is asked. */
            asks: components["schemas"]["Asks"];
            /**
             * Format: int32
             * @description Number of the option that was chosen.
             */
            choice: number | null;
            /** @description When it was shown. */
            created_at: string;
            /** @description When it ends unanswered. */
            expires_at: string;
            /** @description Follow it came by. */
            follow_id: string;
            /** @description Id. */
            id: string;
            /**
             * Format: int32
             * @description Index of the instruction.
             */
            instruction: number;
            /** @description What may be chosen, when the card asks which signal is meant. */
            options: components["schemas"]["OptionView"][];
            /** @description What would be done, as it stood when the card was made. */
            preview: Record<string, never>;
            /** @description Signal. */
            signal_id: string;
            /** @description How it stands. */
            state: components["schemas"]["ApprovalState"];
        };
        /** @description What is agreed to. */
        ApproveBody: {
            /**
             * Format: int32
             * @description Number of the chosen option, from 1; for a card that asks `which_signal`, and only for such a one.
             * @default null
             */
            choice: number | null;
        };
        /**
         * @description What a card asks.
         * @enum {string}
         */
        Asks: "order" | "which_signal" | "stop_at_once";
        /**
         * @description Kind of instrument. Only the first three can be traded.
         * @enum {string}
         */
        AssetClass: "equity" | "option" | "crypto" | "fx" | "future";
        /** @description Where to. */
        AuthorizeView: {
            /** @description The broker's page. */
            authorize_url: string;
        };
        /** @description One bar. */
        BarView: {
            /** @description Start of the bar. */
            at: string;
            /** @description Last trade. */
            close: string;
            /** @description Highest trade. */
            high: string;
            /** @description Lowest trade. */
            low: string;
            /** @description First trade. */
            open: string;
            /** @description Units traded. */
            volume: string;
        };
        /**
         * @description What happens below the minimum confidence.
         * @enum {string}
         */
        BelowMin: "skip" | "ask";
        /** @description What a rule found, with both numbers. */
        BreachView: {
            /** @description The figure that was compared with it. */
            actual: string | null;
            /** @description The limit. */
            limit: string | null;
            /** @description The sentence, quoting the numbers. */
            message: string;
            /** @description Stable code of the rule (`RK-17`). */
            rule: string;
            /** @description What the rule guards. */
            title: string;
            whose: components["schemas"]["LimitOwner"] | null;
        };
        /** @description What a broker can do. */
        BrokerView: {
            /** @description Classes it trades. */
            classes: components["schemas"]["AssetClass"][];
            /** @description What it does with a repeated client order id: `always`, `while_open` or `never`. */
            client_id_dedupe: string;
            /** @description Credential fields to be given. */
            credential_fields: components["schemas"]["CredentialFieldView"][];
            /** @description Classes it trades before and after the regular session, with limit orders for the day; none = in the session only. */
            extended_hours: components["schemas"]["AssetClass"][];
            /** @description Code. */
            kind: string;
            /** @description Modes it offers. */
            modes: components["schemas"]["Mode"][];
            /** @description Name shown. */
            name: string;
            /** @description Classes whose stop and targets the broker holds; those of others are watched by Ordercast. */
            native_protection: components["schemas"]["AssetClass"][];
            /** @description Whether an account can be connected on the broker's own page: `GET /connections/oauth/{kind}/start`. */
            oauth: boolean;
            /** @description Order types it takes. */
            order_types: string[];
            /** @description Orders may be changed in place. */
            replace: boolean;
            /**
             * Format: int32
             * @description Requests a minute we allow ourselves; null = no limit.
             */
            requests_per_minute: number | null;
            /** @description Whether the broker tells if a key may withdraw. */
            withdraw_permission_readable: boolean;
        };
        /**
         * @description Who ended an order.
         * @enum {string}
         */
        CancelledBy: "user" | "system" | "provider" | "broker";
        /** @description Tighter limits of a follow or a community, named as the limits; what is null adds nothing. */
        CapsView: {
            /**
             * @description RK-06: fall from the day's highest equity that locks, per cent.
             * @default null
             */
            breaker_pct: string | null;
            /**
             * @description RK-19: usable share of buying power, per cent.
             * @default null
             */
            buying_power_pct: string | null;
            /**
             * @description RK-05: daily loss, per cent of the day's first equity.
             * @default null
             */
            daily_loss_pct: string | null;
            /**
             * @description RK-08: symbols never opened.
             * @default []
             */
            deny_symbols: string[];
            /**
             * @description RK-12: adverse drift from the alert price, per cent.
             * @default {
             *       "crypto": null,
             *       "equity": null,
             *       "option": null
             *     }
             */
            drift_pct: components["schemas"]["ClassCapsView"];
            /**
             * @description RK-20: all positions and pending opens, per cent of equity.
             * @default null
             */
            exposure_pct: string | null;
            /**
             * @description RK-13: distance from the last trade that looks like a typing error, per cent.
             * @default {
             *       "crypto": null,
             *       "equity": null,
             *       "option": null
             *     }
             */
            implausible_pct: components["schemas"]["ClassCapsView"];
            /**
             * @description RK-10: leverage factor.
             * @default null
             */
            leverage_max: string | null;
            /**
             * @description RK-04: least equity to open, USD; at least this.
             * @default null
             */
            min_balance: string | null;
            /**
             * Format: int32
             * @description RK-26: opens per minute from one provider.
             * @default null
             */
            opens_per_minute_per_provider: number | null;
            /**
             * @description RK-16: contracts per order.
             * @default null
             */
            option_contracts_max: string | null;
            /**
             * @description RK-15: least option price; at least this.
             * @default null
             */
            option_price_min: string | null;
            /**
             * @description RK-15: widest option spread, per cent of mid.
             * @default null
             */
            option_spread_pct: string | null;
            /**
             * @description RK-18: one order, USD.
             * @default null
             */
            order_value_max: string | null;
            /**
             * Format: int32
             * @description RK-26: orders per session day.
             * @default null
             */
            orders_per_day: number | null;
            /**
             * Format: int32
             * @description RK-26: orders per minute.
             * @default null
             */
            orders_per_minute: number | null;
            /**
             * Format: int32
             * @description RK-22: separate signals' lots in one instrument.
             * @default null
             */
            per_symbol_max: number | null;
            /**
             * @description RK-17: one instrument, per cent of equity.
             * @default null
             */
            position_pct: string | null;
            /**
             * Format: int32
             * @description RK-21: open positions.
             * @default null
             */
            positions_max: number | null;
            /**
             * Format: int32
             * @description RK-14: oldest quote for a market entry, seconds.
             * @default null
             */
            quote_age_seconds: number | null;
            /**
             * @description RK-23: risk per trade, per cent of equity.
             * @default null
             */
            risk_per_trade_pct: string | null;
            /**
             * Format: int32
             * @description RK-25: window in which two signals on one instrument are merged or in conflict, seconds; at least this.
             * @default null
             */
            same_instrument_seconds: number | null;
        };
        /** @description What the journal was at an instant, signed. As it is, `ordercast journal verify --checkpoint` takes it from a file. */
        CheckpointView: {
            /** @description When it was signed. */
            at: string;
            /** @description Id. */
            id: string;
            /** @description Ed25519 key that signed, hex. */
            key: string;
            /** @description Roots of the full subtrees from the left, hex. */
            peaks: string[];
            /** @description Root of the tree over the entries' hashes (RFC 6962), hex. */
            root: string;
            /** @description Signature over `ordercast checkpoint v1`, size, root and microseconds since 1970, each with a line feed; hex. */
            signature: string;
            /**
             * Format: int64
             * @description Entries it counts: those at the places 0 to `size - 1`.
             */
            size: number;
        };
        /** @description A cap per asset class; what is null adds nothing. */
        ClassCapsView: {
            /**
             * @description Coins.
             * @default null
             */
            crypto: string | null;
            /**
             * @description Shares and funds.
             * @default null
             */
            equity: string | null;
            /**
             * @description Options.
             * @default null
             */
            option: string | null;
        };
        /** @description Nothing to say. */
        CloseAllBody: Record<string, never>;
        /** @description How much is closed. */
        CloseBody: {
            /**
             * @description Per cent of what is held, above 0 to 100; all when left out.
             * @default null
             */
            percent: string | null;
        };
        /** @description A code that was typed. */
        CodeBody: {
            /** @description Six digits of the authenticator, or a recovery code; spaces, dashes and case do not matter. */
            code: string;
        };
        /** @description The communities one is in. */
        CommunitiesView: {
            /** @description By name. */
            items: components["schemas"]["CommunityView"][];
        };
        /** @description The limits of a community with the version they are changed at. */
        CommunityCapsView: {
            /** @description The limits. */
            caps: components["schemas"]["CapsView"];
            /** @description Limits that were asked to be loosened and are not yet. */
            pending: components["schemas"]["LooseningView"][];
            /** @description Whoever its circuit breaker locks is unlocked by its owner or an admin alone. */
            staff_unlocks: boolean;
            /**
             * Format: int64
             * @description Version of the community. Send it as `If-Match` with a change.
             */
            version: number;
        };
        /** @description A community one is in. */
        CommunityView: {
            /** @description Its id. */
            id: string;
            /** @description Its limits with their version. */
            limits: components["schemas"]["CommunityCapsView"];
            /** @description Name shown. */
            name: string;
            /** @description The own role there. */
            role: components["schemas"]["Role"];
            /** @description Whether one may set its limits. */
            sets_caps: boolean;
        };
        /** @description A connection to be made. */
        ConnectionBody: {
            /** @description Code of the venue, as `GET /brokers` lists it. */
            broker: string;
            /** @description Cash of the new account at the built-in venue, 1 to 10,000,000; 100,000 when left out. */
            cash?: string | null;
            /** @description `LIVE`, when real money is to be traded. */
            confirm?: string | null;
            /** @description The credential by field, as `GET /brokers` names them; left out for the built-in venue. Tried before it is sealed. */
            credential?: {
                [key: string]: string;
            } | null;
            daily_loss_action?: components["schemas"]["LossAction"] | null;
            /** @description Classes for which it becomes the default; left out = those without one. */
            default_for?: components["schemas"]["AssetClass"][] | null;
            /** @description Name, 1 to 40 characters. */
            label: string;
            /** @description `paper` or `live`. */
            mode: components["schemas"]["Mode"];
            /** @description True once it is understood that the broker does not tell what else the key may do; asked for with real money only. */
            rights_unread?: boolean;
        };
        /** @description What is changed of a connection; what is left out stays. */
        ConnectionPatch: {
            /** @description Classes for which it is the default; another connection gives them up. */
            default_for?: components["schemas"]["AssetClass"][] | null;
            /** @description Name, 1 to 40 characters. */
            label?: string | null;
        };
        /** @description One connection to one account. */
        ConnectionView: {
            /** @description Last four characters of the account id. */
            account_last4: string;
            /** @description Broker code. */
            broker: string;
            /** @description When it was made. */
            created_at: string;
            /** @description Names of the credential fields that are sealed. */
            credential_fields: string[];
            /** @description Classes for which this is the default. */
            default_for: components["schemas"]["AssetClass"][];
            /** @description How it is doing. */
            health: components["schemas"]["Health"];
            /** @description Why, in words. */
            health_reason: string | null;
            /** @description Id. */
            id: string;
            /** @description Name the user gave. */
            label: string;
            /** @description Paper or live. */
            mode: components["schemas"]["Mode"];
            /**
             * Format: int64
             * @description Rises with every change; send it as `If-Match` with a change.
             */
            version: number;
            /** @description Zone of the session day: `America/New_York` or `UTC`. */
            zone: string;
        };
        /** @description That the journal only grew between two states of it. */
        ConsistencyView: {
            /**
             * Format: int64
             * @description Entries of the earlier state.
             */
            first: number;
            /** @description Roots of subtrees that give the roots of both states, hex. */
            path: string[];
            /**
             * Format: int64
             * @description Entries of the later state.
             */
            second: number;
        };
        /** @description One field of a broker's credential. */
        CredentialFieldView: {
            /** @description Name. */
            name: string;
            /** @description Never shown again once given. */
            secret: boolean;
        };
        /** @description A CSRF token. */
        CsrfView: {
            /** @description To be sent as `X-CSRF-Token` with every write. */
            token: string;
        };
        /**
         * @description Day of the week.
         * @enum {string}
         */
        Day: "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
        /**
         * @description How a decision stands.
         * @enum {string}
         */
        DecisionStatus: "placed" | "reduced" | "awaiting_approval" | "queued" | "skipped" | "denied" | "expired";
        /** @description What was decided for the user who asks. */
        DecisionView: {
            /** @description Rules that reduced or refused, headline first. */
            breaches: components["schemas"]["BreachView"][];
            /** @description Connection. */
            connection_id: string | null;
            /** @description When. */
            created_at: string;
            /** @description Follow. */
            follow_id: string | null;
            /** @description Id. */
            id: string;
            /**
             * Format: int32
             * @description Index of the instruction.
             */
            instruction: number;
            /** @description One sentence. */
            message: string;
            /** @description Orders it led to. */
            orders: string[];
            /** @description Provider. */
            provider_id: string;
            /**
             * Format: int32
             * @description Revision of the signal.
             */
            revision: number;
            /** @description Signal. */
            signal_id: string;
            /** @description Stable code of why it was skipped. */
            skip_reason: string | null;
            /** @description How it stands. */
            status: components["schemas"]["DecisionStatus"];
            /** @description Last change. */
            updated_at: string;
        };
        /**
         * @description What became of a delivery to a webhook.
         * @enum {string}
         */
        DeliveryOutcome: "accepted" | "duplicate" | "test" | "invalid" | "not_a_trade" | "unreadable" | "too_large" | "signature" | "passphrase" | "address" | "disabled" | "plan" | "quota";
        /** @description One delivery, as its owner sees it. */
        DeliveryView: {
            /** @description Where it came from; null for a replay. */
            address: string | null;
            /** @description The body without pass phrases and keys. */
            body: string;
            /** @description One sentence. */
            detail: string;
            /** @description Field at fault. */
            field: string | null;
            /** @description The sender's own id. */
            key: string | null;
            /**
             * Format: int64
             * @description Its number within the webhook, from 1.
             */
            number: number;
            /** @description What became of it. */
            outcome: components["schemas"]["DeliveryOutcome"];
            /** @description When it arrived. */
            received_at: string;
            /**
             * Format: int64
             * @description The delivery it repeats.
             */
            replay_of: number | null;
            /** @description The time its sender says. */
            sent_at: string | null;
            /** @description The signal it became, or that it repeats. */
            signal_id: string | null;
            /**
             * Format: int64
             * @description Size as it arrived, bytes.
             */
            size: number;
        };
        /** @description What the demo's authenticator would show. */
        DemoCodeView: {
            /** @description Six digits. */
            code: string;
            /**
             * Format: int64
             * @description Seconds until others are shown.
             */
            seconds_left: number;
        };
        /** @description How many sessions were ended. */
        EndedView: {
            /**
             * Format: int32
             * @description Sessions ended.
             */
            ended: number;
        };
        /** @description An authenticator that is in force now. */
        EnrolledView: {
            /** @description Each works once; shown in this answer alone. */
            recovery_codes: string[];
            /** @description Until when this session may do what needs a second factor. */
            stepped_up_until: string;
        };
        /** @description What a plan allows. */
        EntitlementView: {
            /**
             * Format: int32
             * @description Live broker connections.
             */
            live_connections_max: number;
            /**
             * Format: int32
             * @description Paper connections.
             */
            paper_connections_max: number;
            /**
             * Format: int32
             * @description API requests a minute.
             */
            requests_per_minute: number;
            /**
             * Format: int32
             * @description Signals a day that open; null = unlimited.
             */
            signals_per_day_max: number | null;
            /** @description Webhooks. */
            webhooks: boolean;
        };
        /**
         * @description How the entry levels stand to each other.
         * @enum {string}
         */
        EntryForm: "none" | "at" | "zone" | "ladder" | "stop_then_limit";
        /**
         * @description How an entry is worked, as written.
         * @enum {string}
         */
        EntryKind: "market" | "limit" | "implied_limit" | "stop" | "stop_limit";
        /** @description One level of an entry. */
        EntryLevelView: {
            /** @description Price. */
            price: string;
            /** @description Share of the step, per cent; null = equal shares. */
            split_pct: string | null;
        };
        /** @description One point of the equity curve. */
        EquityPointView: {
            /** @description When. */
            at: string;
            /** @description Cash. */
            cash: string;
            /** @description Connection. */
            connection_id: string;
            /** @description Equity. */
            equity: string;
        };
        /**
         * @description The expiry of an option whose message states none.
         * @enum {string}
         */
        ExpiryRule: "same_day" | "same_week";
        /** @description What stands of a second factor. */
        FactorView: {
            /** @description Whether an authenticator is in force. */
            enrolled: boolean;
            /** @description Nothing can be tried before this instant; null while one may try. */
            locked_until: string | null;
            /** @description Recovery codes that still work. */
            recovery_codes_left: number;
            /** @description Since when; null when there is none. */
            since: string | null;
            /** @description Until when this session may do what needs a second factor; null while it may not. */
            stepped_up_until: string | null;
        };
        /** @description One field at fault, or one rule that refused. */
        FieldProblem: {
            /** @description The figure that was compared with it. */
            actual?: string | null;
            /** @description Stable code. */
            code: string;
            /** @description Field of the request, or the rule. */
            field: string;
            /** @description The limit, when a rule refused. */
            limit?: string | null;
            /** @description What was expected. */
            message: string;
        };
        /** @description One execution. */
        FillView: {
            /** @description When, as the venue says. */
            at: string;
            /** @description When we booked it. */
            booked_at: string;
            /** @description Connection. */
            connection_id: string;
            /** @description Currency of fee and result. */
            currency: string;
            /** @description What it cost. */
            fee: string;
            /** @description Id. */
            id: string;
            /** @description Order. */
            order_id: string;
            /** @description At which price. */
            price: string;
            /** @description How much. */
            quantity: string;
            /** @description Realised result of the part it closed, before fees. */
            realised: string;
            /** @description Which way. */
            side: components["schemas"]["OrderSide"];
            /** @description Instrument as text. */
            symbol: string;
            /** @description The venue's id. */
            venue_fill_id: string;
        };
        /** @description Whom to follow, and how. */
        FollowBody: {
            /** @description Provider of one of the own communities. */
            provider_id: string;
            /** @description Settings; what is left out takes its default: `approve`, 0.700, 2 % of equity. */
            settings?: components["schemas"]["FollowSettings"];
        };
        /**
         * @description At once, or after a yes.
         * @enum {string}
         */
        FollowMode: "auto" | "approve";
        /** @description Settings of a follow; what is left out stays, or takes its default. */
        FollowSettings: {
            /**
             * @description Classes it acts on.
             * @default null
             */
            asset_classes: components["schemas"]["AssetClass"][] | null;
            /** @default null */
            below_min: components["schemas"]["BelowMin"] | null;
            /**
             * @description Stop to average entry after target 1.
             * @default null
             */
            break_even_after_tp1: boolean | null;
            /** @default null */
            caps: components["schemas"]["CapsView"] | null;
            /**
             * @description Where; null goes back to the default connection of the asset class.
             * @default null
             */
            connection_id: string | null;
            /**
             * @description Whether additions open more.
             * @default null
             */
            copy_adds: boolean | null;
            /**
             * @description Symbols it never acts on.
             * @default null
             */
            deny_symbols: string[] | null;
            /**
             * @description Whether the signal's stops are used.
             * @default null
             */
            follow_stops: boolean | null;
            /**
             * @description `0.400` to `1.000`.
             * @default null
             */
            min_confidence: string | null;
            /** @default null */
            mode: components["schemas"]["FollowMode"] | null;
            /** @default null */
            on_delete: components["schemas"]["OnDelete"] | null;
            /**
             * Format: int32
             * @description 0 to 100; the higher wins a conflict.
             * @default null
             */
            priority: number | null;
            /** @default null */
            sizing: components["schemas"]["SizingView"] | null;
            /** @default null */
            when_closed: components["schemas"]["WhenClosed"] | null;
        };
        /** @description One follow. */
        FollowView: {
            /** @description Classes it acts on. */
            asset_classes: components["schemas"]["AssetClass"][];
            /** @description What happens below it. */
            below_min: components["schemas"]["BelowMin"];
            /** @description Stop to average entry after target 1. */
            break_even_after_tp1: boolean;
            /** @description Limits of its own, only ever tighter. */
            caps: components["schemas"]["CapsView"];
            /** @description Where; null = the default connection of the asset class. */
            connection_id: string | null;
            /** @description Whether additions open more. */
            copy_adds: boolean;
            /** @description When it was made. */
            created_at: string;
            /** @description Symbols it never acts on. */
            deny_symbols: string[];
            /** @description Whether it acts. */
            enabled: boolean;
            /** @description Whether the signal's stops are used. */
            follow_stops: boolean;
            /** @description Id. */
            id: string;
            /** @description Below this `below_min` decides; `0.000` to `1.000`. */
            min_confidence: string;
            /** @description At once, or after a yes. */
            mode: components["schemas"]["FollowMode"];
            /** @description What a deletion does. */
            on_delete: components["schemas"]["OnDelete"];
            /** @description Caps that were asked to be loosened and are not yet. */
            pending: components["schemas"]["LooseningView"][];
            /**
             * Format: int32
             * @description 0 to 100; the higher wins a conflict.
             */
            priority: number;
            /** @description Whom. */
            provider_id: string;
            /** @description How big. */
            sizing: components["schemas"]["SizingView"];
            /**
             * Format: int64
             * @description Rises with every change; send it as `If-Match` with a change.
             */
            version: number;
            /** @description What a closed market does. */
            when_closed: components["schemas"]["WhenClosed"];
        };
        /**
         * @description How a connection is doing.
         * @enum {string}
         */
        Health: "ok" | "degraded" | "down" | "unauthorised" | "disabled";
        /** @description A webhook to be made. */
        HookBody: {
            /** @description Addresses and networks deliveries may come from; empty for anywhere. */
            addresses?: string[];
            /** @description Name, 1 to 60 characters. */
            name: string;
            /** @description A word every body must carry as `passphrase`; 8 to 128 visible characters. */
            passphrase?: string | null;
            /** @description Every delivery must carry `X-Ordercast-Signature`. */
            signed?: boolean;
        };
        /** @description What is to be changed; what is left out stays. */
        HookChangeBody: {
            /**
             * @description Addresses and networks deliveries may come from; empty for anywhere.
             * @default null
             */
            addresses: string[] | null;
            /**
             * @description Whether it takes deliveries.
             * @default null
             */
            enabled: boolean | null;
            /**
             * @description Name, 1 to 60 characters.
             * @default null
             */
            name: string | null;
            /**
             * @description A word every body must carry; null takes it away.
             * @default null
             */
            passphrase: string | null;
        };
        /**
         * @description Whether a webhook takes deliveries.
         * @enum {string}
         */
        HookStatus: "active" | "disabled" | "removed";
        /** @description A webhook of a provider. */
        HookView: {
            /** @description Addresses and networks deliveries may come from; empty for anywhere. */
            addresses: string[];
            /** @description When it was made. */
            created_at: string;
            /**
             * Format: int32
             * @description How often its secret was made.
             */
            generation: number;
            /** @description Id; public, the first part of its address. */
            id: string;
            /** @description Name. */
            name: string;
            /** @description Until when the secret before the newest works; null when it does not. */
            overlap_until: string | null;
            /** @description Bodies must carry a pass phrase. */
            passphrase: boolean;
            /** @description Provider whose voice it is. */
            provider_id: string;
            /** @description Deliveries must be signed. */
            signed: boolean;
            /** @description Whether it takes deliveries. */
            status: components["schemas"]["HookStatus"];
            /** @description Last change. */
            updated_at: string;
            /**
             * Format: int64
             * @description Version, for `If-Match`.
             */
            version: number;
        };
        /** @description That an entry is counted by a signed checkpoint. As it is, `ordercast journal proof --check` takes it from a file. */
        InclusionView: {
            /** @description Who counts it. */
            checkpoint: components["schemas"]["CheckpointView"];
            /** @description The entry with every field that is hashed, its place and both hashes, as `ordercast journal export` writes it. */
            entry: Record<string, never>;
            /** @description Roots of the subtrees beside the way from the entry up to the root, hex. */
            path: string[];
        };
        /** @description One action of a signal, as written. */
        InstructionView: {
            /** @description What to do. */
            action: components["schemas"]["Action"];
            /** @description Every lot of the provider. */
            all_lots: boolean;
            asset: components["schemas"]["AssetClass"] | null;
            /** @description Entry levels; a zone low first, a stop-limit trigger first. */
            entry: components["schemas"]["EntryLevelView"][];
            /** @description How the levels stand to each other. */
            entry_form: components["schemas"]["EntryForm"];
            kind: components["schemas"]["EntryKind"] | null;
            /** @description Leverage as a factor. */
            leverage: string | null;
            option: components["schemas"]["WrittenOptionView"] | null;
            side: components["schemas"]["PositionSide"] | null;
            /** @description Size. */
            size: components["schemas"]["SizeView"];
            stop: components["schemas"]["LevelView"] | null;
            /** @description Symbol; null for a follow-up that rests on its reply. */
            symbol: string | null;
            /** @description Targets. */
            targets: components["schemas"]["TargetView"][];
            time_in_force: components["schemas"]["TimeInForce"] | null;
            trailing: components["schemas"]["TrailingView"] | null;
        };
        /** @description A venue's rules for one instrument. */
        InstrumentView: {
            /** @description Its class. */
            asset: components["schemas"]["AssetClass"];
            /** @description Quantity step. */
            lot: string;
            /** @description Least order value. */
            notional_min: string;
            /** @description Least quantity. */
            quantity_min: string;
            /** @description May be sold short. */
            shortable: boolean;
            /** @description Instrument as text. */
            symbol: string;
            /** @description Price step. */
            tick: string;
            /** @description Trading is on. */
            tradable: boolean;
        };
        /** @description One entry of the journal. */
        JournalView: {
            /** @description Who. */
            actor: components["schemas"]["ActorView"];
            /** @description What it is. */
            after: Record<string, never> | null;
            /** @description When, to the microsecond. */
            at: string;
            /** @description What it was. */
            before: Record<string, never> | null;
            /** @description Own hash. */
            hash: string;
            /** @description Id. */
            id: string;
            /** @description What kind. */
            kind: string;
            /** @description Ties. */
            links: components["schemas"]["LinksView"];
            /** @description On what. */
            object: components["schemas"]["ObjectView"];
            /** @description Hash of the entry before. */
            prev_hash: string;
            /** @description Stable code of why. */
            reason: string | null;
            /** @description Request it came from. */
            request_id: string | null;
            /** @description How it went. */
            result: components["schemas"]["Outcome"];
            /**
             * Format: int64
             * @description Place in the whole journal.
             */
            seq: number;
            /** @description Instrument of the trade, if it is about one. */
            symbol: string | null;
        };
        /** @description The key that signs the checkpoints. */
        KeyView: {
            /** @description `ed25519`. */
            algorithm: string;
            /** @description The deployment it belongs to. */
            deployment: string;
            /** @description The public key, hex. */
            public_key: string;
        };
        /** @description A kill that was set. */
        KilledView: components["schemas"]["SwitchView"] & {
            /**
             * @description Entries that worked when it was set and are being cancelled; events follow for each. Null when they could not be
             *     counted in time.
             */
            cancelling: number | null;
        };
        /**
         * @description The part an order plays.
         * @enum {string}
         */
        LegKind: "entry" | "ladder" | "stop" | "target" | "flatten";
        /** @description A new version of what is taught. */
        LessonBody: {
            /**
             * @description What the change is for, at most 200 characters.
             * @default
             */
            note: string;
            /**
             * @description What is taught.
             * @default {
             *       "default_asset": null,
             *       "default_expiry": null,
             *       "labels": {},
             *       "sell_means": null,
             *       "templates": [],
             *       "verbs": {}
             *     }
             */
            profile: components["schemas"]["ProfileBody"];
        };
        /** @description One version of a provider's profile. */
        LessonView: {
            /** @description Name of who taught it; empty when nothing was taught or there is no such user any more. */
            by: string;
            /** @description Whether you taught it. */
            by_you: boolean;
            /** @description Since when it is read with; null when nothing was taught. */
            created_at: string | null;
            default_asset: components["schemas"]["AssetClass"] | null;
            default_expiry: components["schemas"]["ExpiryRule"] | null;
            /** @description Own names of prices. */
            labels: {
                [key: string]: components["schemas"]["PriceLabel"];
            };
            /** @description What the change was for. */
            note: string;
            /** @description Provider. */
            provider_id: string;
            sell_means: components["schemas"]["SellMeans"] | null;
            /** @description Own formats, in the order they are tried. */
            templates: components["schemas"]["TemplateView"][];
            /** @description Own words for actions. */
            verbs: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description Version, for `If-Match`; 0 when nothing was taught.
             */
            version: number;
        };
        /** @description A stop or target level. */
        LevelBody: {
            /** @description `price`, `percent` (of the entry), `offset` (in price; stops only) or `break_even` (stops only). */
            kind: components["schemas"]["LevelKind"];
            /** @description Price, per cent or distance; left out for break-even. */
            value?: string | null;
        };
        /**
         * @description How a level is given.
         * @enum {string}
         */
        LevelKind: "price" | "percent" | "offset" | "pips" | "break_even";
        /** @description A stop or target level. */
        LevelView: {
            /** @description How it is given. */
            kind: components["schemas"]["LevelKind"];
            /** @description Price, per cent or distance; null for break-even. */
            value: string | null;
        };
        /** @description Why a stop of the platform is lifted. */
        LiftBody: {
            /** @description `RESUME`, typed out. */
            confirm?: string | null;
            /** @description Why opening may go on, at most 200 characters. */
            reason?: string | null;
        };
        /**
         * @description Whose limit applied.
         * @enum {string}
         */
        LimitOwner: "platform" | "community" | "user" | "follow";
        /** @description Every limit. Percentages are of equity unless said; amounts in USD; ages and windows in seconds. */
        LimitsView: {
            /** @description RK-09: coins. */
            allow_crypto: boolean;
            /** @description RK-09: shares. */
            allow_equity: boolean;
            /** @description RK-09: options. */
            allow_option: boolean;
            /** @description RK-09: short selling. */
            allow_short: boolean;
            /**
             * Format: int32
             * @description SG-15: approval window.
             */
            approval_seconds: number;
            /** @description RK-33: distance of the automatic stop, per cent of the fill price. */
            auto_stop_pct: components["schemas"]["PerClassView"];
            /** @description RK-06: fall from the day's highest equity that locks, per cent. */
            breaker_pct: string;
            /** @description RK-19: usable share of buying power, per cent. */
            buying_power_pct: string;
            /** @description RK-05: what a tripped daily loss does besides refusing opens. */
            daily_loss_action?: components["schemas"]["LossAction"];
            /** @description RK-05: daily loss as an amount; the smaller of the two counts. */
            daily_loss_amount: string | null;
            /** @description RK-05: daily loss, per cent of session-start equity. */
            daily_loss_pct: string;
            /** @description RK-05: share of the limit at which it trips, per cent. */
            daily_loss_trip_pct: string;
            /** @description RK-08: symbols never opened. */
            deny_symbols: string[];
            /** @description RK-12: adverse drift from the alert price, per cent. */
            drift_pct: components["schemas"]["PerClassView"];
            /** @description EX-20: a stop that was removed at the broker is put back. */
            enforce_stops: boolean;
            /**
             * Format: int32
             * @description SG-32: oldest signal to close or protect on.
             */
            exit_age_seconds: number;
            /** @description RK-20: all positions and pending opens, per cent of equity. */
            exposure_pct: string;
            /** @description RK-07: shares are traded before and after the regular session too, where the broker takes them. */
            extended_hours: boolean;
            /** @description RK-13: distance from the last trade that looks like a typing error, per cent. */
            implausible_pct: components["schemas"]["PerClassView"];
            /** @description RK-10: leverage factor. */
            leverage_max: string;
            /** @description RK-04: least equity to open. */
            min_balance: string;
            /**
             * Format: int32
             * @description SG-32: oldest signal to open on.
             */
            open_age_seconds: number;
            /**
             * Format: int32
             * @description RK-26: opens per minute from one provider.
             */
            opens_per_minute_per_provider: number;
            /** @description RK-16: contracts per order. */
            option_contracts_max: string;
            /** @description RK-15: least option price. */
            option_price_min: string;
            /** @description RK-15: widest option spread, per cent of mid. */
            option_spread_pct: string;
            /** @description RK-18: one order; null = no limit. */
            order_value_max: string | null;
            /**
             * Format: int32
             * @description RK-26: orders per session day.
             */
            orders_per_day: number;
            /**
             * Format: int32
             * @description RK-26: orders per minute.
             */
            orders_per_minute: number;
            /**
             * Format: int32
             * @description RK-22: separate signals' lots in one instrument.
             */
            per_symbol_max: number;
            /** @description RK-17: one instrument, per cent of equity. */
            position_pct: string;
            /**
             * Format: int32
             * @description RK-21: open positions.
             */
            positions_max: number;
            /**
             * Format: int32
             * @description RK-14: oldest quote for a market entry.
             */
            quote_age_seconds: number;
            /**
             * Format: int32
             * @description EX-08: life of the rest of a partial fill; 0 = for ever.
             */
            remainder_seconds: number;
            /** @description RK-23: risk per trade, per cent of equity; null = off. */
            risk_per_trade_pct: string | null;
            /**
             * Format: int32
             * @description RK-25: window in which two signals on one instrument are merged or in conflict.
             */
            same_instrument_seconds: number;
            /** @description RK-24: a stop is required, a missing one is added. */
            stop_required: boolean;
            /** @description RK-07: when positions may be opened; none = whenever the market is open. */
            trading_windows?: components["schemas"]["WindowView"][];
        };
        /** @description Ids that tie an entry to others. */
        LinksView: {
            connection?: string | null;
            fill?: string | null;
            intent?: string | null;
            order?: string | null;
            signal?: string | null;
        };
        /** @description A series that comes whole, such as the points of a curve or the bars of a chart. */
        List_BarView: {
            /** @description The rows. */
            items: components["schemas"]["BarView"][];
        };
        /** @description A series that comes whole, such as the points of a curve or the bars of a chart. */
        List_EquityPointView: {
            /** @description The rows. */
            items: components["schemas"]["EquityPointView"][];
        };
        /** @description A series that comes whole, such as the points of a curve or the bars of a chart. */
        List_OrderView: {
            /** @description The rows. */
            items: components["schemas"]["OrderView"][];
        };
        /** @description A series that comes whole, such as the points of a curve or the bars of a chart. */
        List_OutsideOrderView: {
            /** @description The rows. */
            items: components["schemas"]["OutsideOrderView"][];
        };
        /** @description A series that comes whole, such as the points of a curve or the bars of a chart. */
        List_SessionHoursView: {
            /** @description The rows. */
            items: components["schemas"]["SessionHoursView"][];
        };
        /** @description A series that comes whole, such as the points of a curve or the bars of a chart. */
        List_TrialView: {
            /** @description The rows. */
            items: components["schemas"]["TrialView"][];
        };
        /** @description Why accounts are locked. */
        LockBody: {
            /**
             * @description Why, 1 to 200 characters; the user reads it.
             * @default
             */
            reason: string;
        };
        /** @description Members whose accounts are locked. */
        LockedMembersView: {
            /** @description Longest locked first. */
            items: components["schemas"]["LockedMemberView"][];
        };
        /** @description A member whose account is locked by a limit of the community. What the account holds is not shown. */
        LockedMemberView: {
            /** @description Locked for the second time on this session day: until the next one only a platform admin unlocks it. */
            again: boolean;
            /** @description The account's connection. */
            connection_id: string;
            /** @description Name shown. */
            name: string;
            /** @description Since when. */
            since: string;
            /** @description From when on it can be unlocked. */
            unlockable_from: string;
            /** @description Who. */
            user_id: string;
        };
        /** @description Locks that were set or lifted. */
        LocksView: {
            /** @description One for each account. */
            items: components["schemas"]["SwitchView"][];
        };
        /** @description A limit that will be loosened. */
        LooseningView: {
            /** @description When it was asked. */
            asked_at: string;
            /** @description From when on it is in force. */
            due_at: string;
            /** @description What is in force, in words. */
            from: string;
            /** @description Name of the limit, as `position_pct` or `drift_pct.equity`. */
            limit: string;
            /** @description What it becomes, in words. */
            to: string;
        };
        /**
         * @description What a tripped daily loss does besides refusing opens.
         * @enum {string}
         */
        LossAction: "flatten" | "block_only";
        /** @description The part of a position that came from one signal or manual order. */
        LotView: {
            /** @description Average entry. */
            average_price: string | null;
            /** @description Quantity under protection. */
            covered: string;
            /** @description When it was opened. */
            created_at: string;
            /** @description Id. */
            id: string;
            /**
             * @description Who holds stop and targets: the venue (`native`), or Ordercast, which watches quotes (`emulated`): that works only
             *     while Ordercast runs.
             */
            protection: components["schemas"]["Protection"];
            /** @description Provider it came from. */
            provider_id: string | null;
            /** @description Held now. */
            quantity: string;
            /** @description Signal it came from. */
            signal_id: string | null;
            /** @description Whether the stop was added by rule. */
            stop_added: boolean;
            /** @description Stop in force. */
            stop_price: string | null;
            /** @description Targets in force. */
            target_prices: string[];
            /** @description Why the levels are not watched now: `no_quote`, `price_jump`; null when they are. */
            unwatched: string | null;
        };
        /** @description A webhook with its address, shown this once. */
        MadeHookView: {
            /** @description The webhook. */
            hook: components["schemas"]["HookView"];
            /** @description The key deliveries are signed with; null when they need no signature. */
            signing_key: string | null;
            /** @description The secret address deliveries are posted to. */
            url: string;
        };
        /**
         * @description What a manual order is meant to do.
         * @enum {string}
         */
        ManualAction: "open" | "add" | "reduce" | "close";
        /** @description What a text means, and what it was read with. */
        MeaningView: {
            /**
             * Format: int32
             * @description Version of the profile; 0 when nothing was taught.
             */
            profile: number;
            /** @description What it means. */
            reading: components["schemas"]["ReadingView"];
            /** @description The provider's own format it fits. */
            template: string | null;
        };
        /** @description A community the user is a member of. */
        MembershipView: {
            /** @description Community. */
            community_id: string;
            /** @description Its name. */
            name: string;
            /** @description As what. */
            role: components["schemas"]["Role"];
            /** @description Since when. */
            since: string;
        };
        /** @description Who is logged in, and what that allows. */
        MeView: {
            /** @description Demo: simulated market, no real orders. */
            demo: boolean;
            /** @description What the plan allows. */
            entitlement: components["schemas"]["EntitlementView"];
            /** @description Communities. */
            memberships: components["schemas"]["MembershipView"][];
            /** @description Session of this request. */
            session: components["schemas"]["SessionView"];
            /** @description The user. */
            user: components["schemas"]["UserView"];
        };
        /**
         * @description Simulated or real money.
         * @enum {string}
         */
        Mode: "paper" | "live";
        /** @description What is told in private. */
        NoticeBody: {
            /** @description Whether `/buy`, `/sell` and `/close` show a card first. */
            confirm_slash: boolean;
            /** @description Private messages at all. */
            enabled: boolean;
            /** @description Fills and closed positions. */
            fills: boolean;
            /** @description Limits, locks, kills. */
            limits: boolean;
            /** @description Trouble with a venue, an order or protection. */
            outages: boolean;
            quiet?: components["schemas"]["QuietView"] | null;
            /** @description Refusals by risk or venue. */
            refusals: boolean;
        };
        /**
         * @description What a notice is about.
         * @enum {string}
         */
        NoticeKind: "fill" | "refusal" | "limit" | "outage";
        /** @description Something worth a word. */
        NoticeLine: {
            /** @description When. */
            at: string;
            /** @description What it is about. */
            kind: components["schemas"]["NoticeKind"];
            /** @description Order it is about. */
            order_id: string | null;
            /**
             * Format: int64
             * @description Place of its entry in the journal.
             */
            seq: number;
            /** @description Signal it goes back to. */
            signal_id: string | null;
            /** @description One sentence. */
            text: string;
            /** @description One or two words. */
            title: string;
            /** @description How it is meant. */
            tone: components["schemas"]["NoticeTone"];
        };
        /**
         * @description How a notice is meant.
         * @enum {string}
         */
        NoticeTone: "plain" | "good" | "care" | "bad";
        /** @description The settings with their version. */
        NoticeView: {
            /** @description Whether the user is linked with a Discord account, without which nothing is told there. */
            linked: boolean;
            /** @description The settings. */
            settings: components["schemas"]["NoticeBody"];
            /**
             * Format: int64
             * @description Version to be named in `If-Match`; 0 for the defaults.
             */
            version: number;
        };
        /** @description What was acted on. */
        ObjectView: {
            /** @description Its id. */
            id: string;
            /** @description `order`, `signal`, `position` ... */
            type: string;
        };
        /** @description What is shown once to set an authenticator up. */
        OfferView: {
            /** @description Until when it may be confirmed. */
            expires_at: string;
            /** @description The same address as a picture. */
            qr: components["schemas"]["QrView"];
            /** @description The secret in base 32, for typing. */
            secret: string;
            /** @description The address an authenticator opens, `otpauth://totp/...`. */
            uri: string;
        };
        /**
         * @description What a cap does to a manual order.
         * @enum {string}
         */
        OnCap: "reduce" | "reject";
        /**
         * @description What a provider's deletion does.
         * @enum {string}
         */
        OnDelete: "cancel_unfilled" | "ignore" | "close";
        /** @description An option contract. */
        OptionBody: {
            /**
             * Format: date
             * @description Last day.
             * @example 2026-12-18
             */
            expiry: string;
            /**
             * @description `C` or `P`.
             * @example C
             */
            right: string;
            /**
             * @description Strike price.
             * @example 150
             */
            strike: string;
            /**
             * @description What it is an option on.
             * @example AAPL
             */
            underlying: string;
        };
        /** @description Something a card offers to choose. */
        OptionView: {
            /** @description What it is, in words. */
            label: string;
            /**
             * Format: int32
             * @description Its number, from 1.
             */
            number: number;
            /** @description Signal that opened it. */
            signal_id: string | null;
        };
        /** @description A manual order. Either `symbol` or `option`; exactly one of `quantity`, `notional` and `percent`. */
        OrderBody: {
            action?: components["schemas"]["ManualAction"] | null;
            /** @description Where; left out = the default connection of the asset class. */
            connection_id?: string | null;
            /** @description Outside regular hours, too, where the venue allows. */
            extended_hours?: boolean;
            /** @description Limit price. */
            limit_price?: string | null;
            /**
             * @description Words of your own, kept and shown with the order: one line.
             * @example Breakout over the high of the day
             */
            note?: string | null;
            /** @description Money. */
            notional?: string | null;
            on_cap?: components["schemas"]["OnCap"] | null;
            option?: components["schemas"]["OptionBody"] | null;
            /** @description How: `market`, `limit`, `stop` or `stop_limit`. */
            order_type: components["schemas"]["OrderKind"];
            /** @description Per cent of equity. */
            percent?: string | null;
            protection?: components["schemas"]["ProtectionBody"] | null;
            /** @description Shares, contracts, coins. */
            quantity?: string | null;
            /** @description Which way. Selling what is held closes it. */
            side: components["schemas"]["OrderSide"];
            /** @description Trigger price. */
            stop_price?: string | null;
            /**
             * @description Any spelling the venue takes: `AAPL`, `BTC/USD`, `AAPL 2026-12-18 150 C`.
             * @example AAPL
             */
            symbol?: string | null;
            time_in_force?: components["schemas"]["TimeInForce"] | null;
        };
        /**
         * @description How an order is worked.
         * @enum {string}
         */
        OrderKind: "market" | "limit" | "stop" | "stop_limit" | "trailing";
        /**
         * @description Side of an order.
         * @enum {string}
         */
        OrderSide: "buy" | "sell";
        /**
         * @description State of an order.
         * @enum {string}
         */
        OrderState: "pending_approval" | "queued" | "pending" | "submitted" | "unknown" | "partially_filled" | "filled" | "cancelled" | "rejected" | "denied" | "expired" | "declined" | "escalated";
        /** @description One order. */
        OrderView: {
            /** @description Its class. */
            asset: components["schemas"]["AssetClass"];
            /** @description Average price of what is filled. */
            average_price: string | null;
            /** @description The venue's own id. */
            broker_order_id: string | null;
            /** @description A cancel is on its way. */
            cancel_requested: boolean;
            cancelled_by: components["schemas"]["CancelledBy"] | null;
            /** @description Our id at the venue. */
            client_order_id: string;
            /** @description Connection. */
            connection_id: string;
            /** @description When it was decided. */
            created_at: string;
            /** @description Until when it waits. */
            due_at: string | null;
            /** @description Fees so far. */
            fees: string;
            /** @description Filled so far. */
            filled: string;
            /** @description Id. */
            id: string;
            /** @description Whether nothing more can happen. */
            is_final: boolean;
            /** @description A fill came after the final state. */
            late_fill: boolean;
            /** @description The part it plays. */
            leg: components["schemas"]["LegKind"];
            /**
             * Format: int32
             * @description Number of the ladder step, stop slice or target, from 1; null for the others.
             */
            leg_number: number | null;
            /** @description Limit price. */
            limit_price: string | null;
            /** @description The same in words. */
            message: string | null;
            /** @description What the user wrote beside it. */
            note: string | null;
            /** @description How it is worked. */
            order_type: components["schemas"]["OrderKind"];
            /** @description What it goes back to. */
            origin: components["schemas"]["OriginKind"];
            /** @description Side of the position it belongs to. */
            position_side: components["schemas"]["PositionSide"];
            /** @description Provider of the signal. */
            provider_id: string | null;
            /** @description Wanted. */
            quantity: string;
            /** @description Stable code of why it ended as it did. */
            reason: string | null;
            /** @description Still open. */
            remaining: string;
            /** @description Which way. */
            side: components["schemas"]["OrderSide"];
            /** @description Signal it goes back to. */
            signal_id: string | null;
            /** @description Stage times. */
            stages: components["schemas"]["StagesView"];
            /** @description Where it stands. */
            state: components["schemas"]["OrderState"];
            /** @description Trigger price. */
            stop_price: string | null;
            /** @description Instrument as text: `AAPL`, `BTC/USD`, `AAPL 2026-12-18 150 C`. */
            symbol: string;
            /** @description How long it may work. */
            time_in_force: components["schemas"]["TimeInForce"];
            trail: components["schemas"]["LevelView"] | null;
            /** @description Last change. */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with every change.
             */
            version: number;
        };
        /**
         * @description What an order goes back to.
         * @enum {string}
         */
        OriginKind: "signal" | "manual" | "slash" | "kill";
        /**
         * @description How a recorded step went.
         * @enum {string}
         */
        Outcome: "ok" | "denied" | "failed";
        /** @description What came of a manual order or a close. */
        OutcomeView: {
            /** @description One sentence. */
            message: string;
            /** @description Remarks. */
            notes: components["schemas"]["BreachView"][];
            /** @description Orders as decided. */
            orders: components["schemas"]["OrderView"][];
            /** @description Why they are smaller than asked. */
            reductions: components["schemas"]["BreachView"][];
        };
        /** @description An order that works at the broker and was placed there by hand. Nobody here changes or cancels it. */
        OutsideOrderView: {
            /** @description Amount of money; null when it is for units. */
            amount: string | null;
            /** @description Its class. */
            asset: components["schemas"]["AssetClass"];
            /** @description The broker's id. */
            broker_order_id: string;
            /** @description Connection. */
            connection_id: string;
            /** @description What limits count it with, in the account's currency; `0` when it only takes off a holding. */
            counted: string;
            /** @description Units filled so far. */
            filled: string;
            /** @description Limit. */
            limit_price: string | null;
            /** @description Type in the broker's word; null when it does not tell. */
            order_type: string | null;
            /** @description Units; null when it is for an amount. */
            quantity: string | null;
            /** @description Buy or sell. */
            side: components["schemas"]["OrderSide"];
            /** @description When it was seen first. */
            since: string;
            /** @description Trigger. */
            stop_price: string | null;
            /** @description Instrument as text. */
            symbol: string;
            /** @description The same in a sentence: `buy 10 SPY limit 180.00`. */
            words: string;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_ApprovalView: {
            /** @description The rows. */
            items: components["schemas"]["ApprovalView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_BrokerView: {
            /** @description The rows. */
            items: components["schemas"]["BrokerView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_CheckpointView: {
            /** @description The rows. */
            items: components["schemas"]["CheckpointView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_ConnectionView: {
            /** @description The rows. */
            items: components["schemas"]["ConnectionView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_DecisionView: {
            /** @description The rows. */
            items: components["schemas"]["DecisionView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_DeliveryView: {
            /** @description The rows. */
            items: components["schemas"]["DeliveryView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_FillView: {
            /** @description The rows. */
            items: components["schemas"]["FillView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_FollowView: {
            /** @description The rows. */
            items: components["schemas"]["FollowView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_HookView: {
            /** @description The rows. */
            items: components["schemas"]["HookView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_InstrumentView: {
            /** @description The rows. */
            items: components["schemas"]["InstrumentView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_JournalView: {
            /** @description The rows. */
            items: components["schemas"]["JournalView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_LessonView: {
            /** @description The rows. */
            items: components["schemas"]["LessonView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_NoticeLine: {
            /** @description The rows. */
            items: components["schemas"]["NoticeLine"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_OrderView: {
            /** @description The rows. */
            items: components["schemas"]["OrderView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_PositionView: {
            /** @description The rows. */
            items: components["schemas"]["PositionView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_ProviderView: {
            /** @description The rows. */
            items: components["schemas"]["ProviderView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_SessionView: {
            /** @description The rows. */
            items: components["schemas"]["SessionView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A page of a list, newest first unless the route says otherwise. */
        Page_SignalView: {
            /** @description The rows. */
            items: components["schemas"]["SignalView"][];
            /** @description Opaque; hand it back as `cursor` for the next page. Null on the last page. */
            next_cursor: string | null;
        };
        /** @description A text to be read. */
        ParseBody: {
            profile?: components["schemas"]["ProfileBody"] | null;
            /**
             * @description Provider in whose way of writing it is read, by the provider and staff of its community; the answer then tells
             *     what you would have done.
             */
            provider_id?: string | null;
            /** @description The message it replies to. */
            reply_to?: string | null;
            /** @description The message, at most 8,000 characters. */
            text: string;
        };
        /** @description What a pasted text means, and what would come of it. */
        ParsedView: components["schemas"]["ReadingView"] & {
            /**
             * Format: int32
             * @description Version of the provider's profile it was read with; 0 when nothing was taught or no provider is named.
             */
            profile: number;
            /** @description The provider's own format it fits. */
            template: string | null;
            would: components["schemas"]["WouldView"] | null;
        };
        /**
         * @description How a part of the program is doing.
         * @enum {string}
         */
        PartState: "ok" | "degraded" | "down";
        /** @description How one part is doing. */
        PartView: {
            /** @description Name. */
            name: string;
            /** @description Why, unless it works. */
            reason: string | null;
            /** @description How it is doing. */
            state: components["schemas"]["PartState"];
        };
        /** @description A value per asset class. */
        PerClassView: {
            /** @description Coins. */
            crypto: string;
            /** @description Shares and funds. */
            equity: string;
            /** @description Options. */
            option: string;
        };
        /**
         * @description Plan of a user.
         * @enum {string}
         */
        Plan: "free" | "basic" | "pro" | "premium";
        /** @description Every account, and totals by mode. */
        PortfolioView: {
            /** @description Accounts. */
            accounts: components["schemas"]["AccountView"][];
            /** @description When. */
            as_of: string;
            /** @description Totals, paper and live apart. */
            totals: components["schemas"]["TotalView"][];
        };
        /**
         * @description Side of a position.
         * @enum {string}
         */
        PositionSide: "long" | "short";
        /** @description One holding. */
        PositionView: {
            /** @description Its class. */
            asset: components["schemas"]["AssetClass"];
            /** @description Average entry. */
            average_price: string;
            /** @description When it was closed. */
            closed_at: string | null;
            /** @description Connection. */
            connection_id: string;
            /** @description Average exit of what was closed. */
            exit_price: string | null;
            /** @description Fees paid. */
            fees: string;
            /** @description Id. */
            id: string;
            /** @description Open lots. */
            lots: components["schemas"]["LotView"][];
            /** @description Opened by Ordercast; else found at the venue. */
            managed: boolean;
            /** @description Price it is marked at; null when closed or unquoted. */
            mark: string | null;
            /** @description Value at the mark. */
            market_value: string | null;
            /** @description First fill. */
            opened_at: string;
            /** @description Held now; `0` when closed. */
            quantity: string;
            /** @description Most ever held. */
            quantity_max: string;
            /** @description Realised result before fees. */
            realised: string;
            /** @description Long or short. */
            side: components["schemas"]["PositionSide"];
            /** @description Instrument as text. */
            symbol: string;
            /** @description Result of what is held, at the mark, before fees. */
            unrealised: string | null;
            /** @description The same in per cent of the entry value. */
            unrealised_pct: string | null;
            /**
             * Format: int64
             * @description Rises with every change.
             */
            version: number;
        };
        /** @description A body to be tried. */
        PreviewBody: {
            /**
             * @description The body as a sender would post it.
             * @default
             */
            body: string;
        };
        /** @description What an order would lead to now. */
        PreviewView: {
            /**
             * @description `outcome` (`placed`, `queued`, `denied`, `refused`), `message`, `instrument`, `orders`, `reductions`, `notes`,
             *     `breaches`, `quote`, `until`.
             */
            preview: Record<string, never>;
        };
        /**
         * @description What a price is, where a provider has an own name for it.
         * @enum {string}
         */
        PriceLabel: "entry" | "stop" | "target";
        /** @description A refusal (RFC 9457, `application/problem+json`). */
        Problem: {
            /** @description Stable code. */
            code: string;
            /** @description What happened this time. */
            detail: string;
            /** @description Fields at fault, or rules that refused. */
            errors: components["schemas"]["FieldProblem"][];
            /** @description Id of the request, also in `X-Request-Id`. */
            request_id: string;
            /**
             * Format: int32
             * @description HTTP status.
             */
            status: number;
            /** @description What it is, in a few words. */
            title: string;
            /** @description Names the code as an address within this API. */
            type: string;
        };
        /** @description What is taught; what is left out is empty. */
        ProfileBody: {
            /** @default null */
            default_asset: components["schemas"]["AssetClass"] | null;
            /** @default null */
            default_expiry: components["schemas"]["ExpiryRule"] | null;
            /**
             * @description Own names of prices, at most 30: `cut` is the stop.
             * @default {}
             */
            labels: {
                [key: string]: components["schemas"]["PriceLabel"];
            };
            /** @default null */
            sell_means: components["schemas"]["SellMeans"] | null;
            /**
             * @description Own formats, at most 20, tried in this order before the general reading.
             * @default []
             */
            templates: components["schemas"]["TemplateView"][];
            /**
             * @description Own words for actions, at most 100, each with the known word it stands for: `grabbing` is `buy`.
             * @default {}
             */
            verbs: {
                [key: string]: string;
            };
        };
        /** @description What is changed of a profile. */
        ProfileChange: {
            /** @description Name shown, 1 to 64 characters. */
            name: string;
        };
        /** @description A profile that was changed. */
        ProfileView: {
            /** @description Discord account, once linked. */
            discord_id: string | null;
            /** @description The user. */
            user: components["schemas"]["UserView"];
            /**
             * Format: int64
             * @description Version of the profile.
             */
            version: number;
        };
        /**
         * @description Who holds stop and targets.
         * @enum {string}
         */
        Protection: "native" | "emulated";
        /** @description How a filled entry is protected. Without a stop the automatic one of the limits is added. */
        ProtectionBody: {
            /** @default null */
            stop: components["schemas"]["LevelBody"] | null;
            /**
             * @description Up to six targets.
             * @default []
             */
            targets: components["schemas"]["TargetBody"][];
            /** @default null */
            trailing: components["schemas"]["TrailingBody"] | null;
        };
        /**
         * @description Whether a provider's signals are acted on.
         * @enum {string}
         */
        ProviderStatus: "draft" | "active" | "paused" | "suspended" | "banned";
        /** @description A provider of a community the user is a member of. */
        ProviderView: {
            /** @description One line about the style. */
            about: string;
            /** @description Community. */
            community_id: string;
            /** @description Its name. */
            community_name: string;
            /** @description When it was made. */
            created_at: string;
            /** @description Own follow of it, if any. */
            follow_id: string | null;
            /** @description Id. */
            id: string;
            /** @description Whether you may change how it is read and how it posts. */
            manages: boolean;
            /** @description Name shown. */
            name: string;
            /** @description Whether signals are acted on. */
            status: components["schemas"]["ProviderStatus"];
        };
        /**
         * @description A picture of squares to be read by a camera, as a path: `<svg viewBox="0 0 size size"><path d="path"/></svg>`, dark on
         *     light. A margin of four squares is part of it.
         */
        QrView: {
            /** @description Path of the dark squares. */
            path: string;
            /** @description Squares along each side. */
            size: number;
        };
        /** @description Hours in which only outages and approval cards are told at once; the rest follows when they end. */
        QuietView: {
            /**
             * @description When they begin, `22:00`.
             * @example 22:00
             */
            from: string;
            /**
             * @description When they end, `07:00`; may lie on the next day.
             * @example 07:00
             */
            to: string;
            /**
             * @description Time zone.
             * @example Europe/Berlin
             */
            zone: string;
        };
        /** @description Quotes, and the symbols that have none. */
        QuotesView: {
            /** @description Quotes. */
            items: components["schemas"]["QuoteView"][];
            /** @description Symbols asked for that the venue does not know. */
            unknown: string[];
        };
        /** @description Bid, ask and last trade. */
        QuoteView: {
            /** @description Best ask. */
            ask: string;
            /** @description When. */
            at: string;
            /** @description Best bid. */
            bid: string;
            /** @description Change since the previous close, per cent. */
            change_pct: string;
            /** @description Last trade. */
            last: string;
            /** @description Instrument as text. */
            symbol: string;
            /** @description Units traded today. */
            volume: string;
        };
        /** @description The reading of one message. */
        ReadingView: {
            /** @description Certainty, `0.000` to `1.000`. */
            confidence: string;
            /** @description Structured fields that were not understood. */
            ignored: string[];
            /** @description What is to be done; for an invalid one, what was read all the same. */
            instructions: components["schemas"]["InstructionView"][];
            /** @description What is wrong with the field at fault. */
            message: string | null;
            /** @description Why it is not a trade, or which field is at fault. */
            reason: string | null;
            /** @description Why, in plain words. */
            reasons: string[];
            /** @description Which words led to which field. */
            spans: components["schemas"]["SpanView"][];
            /** @description The text that was read, to which the spans point. */
            text: string;
            /** @description What it was taken for. */
            verdict: components["schemas"]["Verdict"];
        };
        /** @description How the program is doing. */
        ReadyView: {
            /** @description Parts. */
            parts: components["schemas"]["PartView"][];
            /** @description The worst of the parts. */
            status: components["schemas"]["PartState"];
        };
        /** @description What became of a delivery or a replay. */
        ReceiptView: {
            /**
             * Format: int64
             * @description Its number within the webhook.
             */
            delivery: number;
            /** @description One sentence. */
            detail: string;
            /** @description What became of it. */
            outcome: components["schemas"]["DeliveryOutcome"];
            /** @description The signal it becomes, or that it repeats. */
            signal_id: string | null;
        };
        /** @description How far the comparison is after an older state was restored. */
        ReconcileOnlyView: {
            /** @description Connections in use; 0 while it is off. */
            connections: number;
            lock: components["schemas"]["SwitchView"] | null;
            /** @description Nothing opens until a platform admin lifts it. */
            on: boolean;
            /** @description Labels of those that were not compared with their broker since. */
            waiting: string[];
        };
        /** @description Recovery codes, shown once. */
        RecoveryCodesView: {
            /** @description Each works once. */
            recovery_codes: string[];
        };
        /** @description What a platform admin saw at the broker. */
        ResolveBody: {
            /** @description What was seen, 1 to 200 characters; the trader reads it. */
            reason: string;
            /** @description How it ended there. What filled is booked from the broker's own executions alone, never by this. */
            state: components["schemas"]["Settled"];
        };
        /** @description With which stop it goes on. */
        ResumeBody: {
            /**
             * @description A new stop; the levels as they stand when left out: one that the price has passed leaves at once.
             * @default null
             */
            stop_price: string | null;
        };
        /** @description What goes on. */
        ResumedView: {
            /** @description Lots whose levels had been suspended. */
            resumed: number;
        };
        /** @description One revision of the message a signal was read from. */
        RevisionView: {
            /** @description Name of the author. */
            author: string;
            /** @description `new`, `edited` or `deleted`. */
            kind: string;
            /** @description Received by us. */
            received_at: string;
            /**
             * Format: int32
             * @description 1 for the first posting.
             */
            revision: number;
            /** @description Text of the message; embeds are not repeated here, the reading's text holds them. */
            text: string;
        };
        /** @description Switches that bind the user, and what each account uses of the limits. */
        RiskStatusView: {
            /** @description Accounts. */
            accounts: components["schemas"]["AccountRiskView"][];
            /** @description When. */
            as_of: string;
            /** @description No new position is opened anywhere. */
            stopped: boolean;
            /** @description Switches that are on and cover the user. */
            switches: components["schemas"]["SwitchView"][];
        };
        /**
         * @description A member's role in a community.
         * @enum {string}
         */
        Role: "viewer" | "trader" | "moderator" | "admin" | "owner";
        /** @description How the new secret is used. */
        RotateBody: {
            /**
             * @description Whether deliveries under the new secret must be signed; left out, it stays.
             * @default null
             */
            signed: boolean | null;
        };
        /**
         * @description What a bare "sell" does.
         * @enum {string}
         */
        SellMeans: "close_long" | "open_short";
        /** @description The session of one asset class at one venue. */
        SessionHoursView: {
            /** @description Class. */
            asset: components["schemas"]["AssetClass"];
            /** @description Next close, when open; null = never. */
            next_close: string | null;
            /** @description Next open, when closed. */
            next_open: string | null;
            /** @description Open now. */
            open: boolean;
            /** @description Instrument the venue was asked about. */
            symbol: string;
            /** @description Venue. */
            venue: string;
        };
        /** @description One login. */
        SessionView: {
            /** @description Browser family at login. */
            agent: string;
            /** @description When it began. */
            created_at: string;
            /** @description The session of this request. */
            current: boolean;
            /** @description When it ends at the latest. */
            expires_at: string;
            /** @description Id. */
            id: string;
            /** @description Last use, to the minute. */
            seen_at: string;
        };
        /**
         * @description How it ended at the broker.
         * @enum {string}
         */
        Settled: "rejected" | "cancelled" | "expired";
        /** @description One signal with every revision of its message. */
        SignalDetailView: {
            /** @description Revisions of the message, oldest first. */
            revisions: components["schemas"]["RevisionView"][];
            /** @description The signal. */
            signal: components["schemas"]["SignalView"];
        };
        /**
         * @description What became of a signal.
         * @enum {string}
         */
        SignalStatus: "read" | "done" | "stale" | "invalid" | "superseded" | "deleted";
        /** @description One signal with what was decided for the user who asks. */
        SignalView: {
            /** @description Community. */
            community_id: string;
            /** @description Own decisions, oldest first. */
            decisions: components["schemas"]["DecisionView"][];
            /** @description Id, stable over revisions. */
            id: string;
            /** @description Signal of the message it replies to. */
            parent_id: string | null;
            /** @description Read by us. */
            parsed_at: string;
            /** @description Posted at the source. */
            posted_at: string;
            /**
             * Format: int32
             * @description Version of the provider's profile it was read with; 0 when nothing was taught.
             */
            profile: number;
            /** @description Provider. */
            provider_id: string;
            /** @description Its name. */
            provider_name: string;
            /** @description What it means. */
            reading: components["schemas"]["ReadingView"];
            /** @description Received by us. */
            received_at: string;
            /**
             * Format: int32
             * @description Revision of the message it was read from.
             */
            revision: number;
            /** @description What became of it. */
            status: components["schemas"]["SignalStatus"];
            /** @description The provider's own format it fits; null when the general reading read it. */
            template: string | null;
            /** @description Last change. */
            updated_at: string;
        };
        /** @description Size as written; fields do not exclude each other. */
        SizeView: {
            /** @description Per cent of the account. */
            account_pct?: string | null;
            /** @description Money to spend. */
            notional?: string | null;
            /** @description Per cent of the position. */
            position_pct?: string | null;
            /** @description Shares, contracts, coins. */
            quantity?: string | null;
            /** @description Per cent of the account at risk. */
            risk_pct?: string | null;
        };
        /**
         * @description How a size is chosen.
         * @enum {string}
         */
        SizingMode: "signal" | "fixed_quantity" | "fixed_notional" | "percent_of_equity" | "risk_percent";
        /** @description How big an order becomes before the limits cut it. */
        SizingView: {
            /** @description How the size is chosen. */
            mode: components["schemas"]["SizingMode"];
            /**
             * @description Multiplier (`signal`, 0.01 to 10), units (`fixed_quantity`), amount (`fixed_notional`, 1 to 1,000,000), per cent
             *     of equity (`percent_of_equity`, 0.1 to 50), per cent at risk (`risk_percent`, 0.1 to 10).
             */
            value: string;
        };
        /** @description A token for the live connection. */
        SocketTokenView: {
            /** @description When it ends. */
            expires_at: string;
            /** @description To be given as `auth.token` at the handshake. */
            token: string;
        };
        /** @description The part of the text a field was read from. */
        SpanView: {
            /** @description Byte after the last. */
            end: number;
            /** @description Unit after the last. */
            end_utf16: number;
            /** @description Name of the field. */
            field: string;
            /** @description Index of the instruction. */
            instruction: number;
            /** @description First byte in `text`, UTF-8. */
            start: number;
            /** @description First character in `text`, counted in UTF-16 units as browsers do. */
            start_utf16: number;
        };
        /** @description Whether staff alone unlocks. */
        StaffUnlocksBody: {
            /**
             * @description On: whoever the community's circuit breaker locks from now on is unlocked by its owner or an admin alone. Off: users
             *     unlock themselves, those that are locked now too.
             */
            on: boolean;
        };
        /** @description When each stage happened. */
        StagesView: {
            /** @description Answered by the venue. */
            acknowledged?: string | null;
            /** @description Judged. */
            decided?: string | null;
            /** @description On disk. */
            durable?: string | null;
            /** @description First fill. */
            filled?: string | null;
            /** @description Read. */
            parsed?: string | null;
            /** @description Posted at the source. */
            posted?: string | null;
            /** @description Received by us. */
            received?: string | null;
            /** @description First byte sent. */
            sent?: string | null;
        };
        /** @description A session that was stepped up. */
        SteppedView: {
            /** @description A recovery code was used, and is used up. */
            by_recovery_code: boolean;
            /** @description Recovery codes that still work. */
            recovery_codes_left: number;
            /** @description Until when it counts. */
            stepped_up_until: string;
        };
        /** @description One step in the life of an order, as the journal has it. */
        StepView: {
            /** @description When. */
            at: string;
            /** @description What it became; the shape depends on the kind. */
            data: Record<string, never> | null;
            /** @description Journal entry. */
            journal_id: string;
            /** @description Kind of the journal entry. */
            kind: string;
            /** @description Stable code of why. */
            reason: string | null;
        };
        /** @description What a switch covers, and why. */
        SwitchBody: {
            /**
             * @description To lift a kill: `RESUME`, typed out. Setting one needs no word.
             * @default null
             */
            confirm: string | null;
            /**
             * @description For a kill: also close every managed position it covers, at the market (options at a limit). Repeated until nothing
             *     is held; in a closed market the closes wait for the open.
             * @default false
             */
            flatten: boolean;
            /**
             * @description For a kill of the platform: nothing leaves at all, closes and protection included. Not together with `flatten`.
             * @default false
             */
            freeze: boolean;
            /**
             * @description Id of the connection, follow, provider or community.
             * @default null
             */
            id: string | null;
            /**
             * @description Why, at most 200 characters.
             * @default null
             */
            reason: string | null;
            /** @default null */
            scope: components["schemas"]["SwitchScope"] | null;
        };
        /**
         * @description Kill, pause or lock.
         * @enum {string}
         */
        SwitchKind: "kill" | "pause" | "lock";
        /**
         * @description What a switch covers.
         * @enum {string}
         */
        SwitchScope: "platform" | "community" | "provider" | "user" | "follow" | "connection";
        /** @description A switch. */
        SwitchView: {
            /** @description Who set it last. */
            by: string;
            /** @description The community whose limit locked the account, by name. */
            community: string | null;
            /** @description What it covers is closed as well. */
            flatten: boolean;
            /** @description Nothing leaves at all, closes and protection included. */
            freeze: boolean;
            /** @description Kill, pause or lock. */
            kind: components["schemas"]["SwitchKind"];
            /** @description Whether it is on. */
            on: boolean;
            /** @description Why. */
            reason: string;
            /** @description What it covers. */
            scope: components["schemas"]["SwitchScope"];
            /** @description Id of what it covers; null for the platform. */
            scope_id: string | null;
            /** @description Since when it is in this state. */
            since: string;
            unlocker: components["schemas"]["Unlocker"] | null;
        };
        /** @description A target with its share. */
        TargetBody: {
            /** @description Where: `price` or `percent`. */
            level: components["schemas"]["LevelBody"];
            /** @description Share of the position, per cent; left out = equal shares. */
            split_pct?: string | null;
        };
        /** @description A target with its share. */
        TargetView: {
            /** @description Where. */
            level: components["schemas"]["LevelView"];
            /** @description Share of the position, per cent; null = equal shares. */
            split_pct: string | null;
        };
        /** @description One format with named slots, such as `{action} {symbol} {strike}{right} {expiry} @ {price}`. */
        TemplateView: {
            /** @description How the provider calls it, 1 to 60 characters; stands in the reasons of what it read. */
            name: string;
            /** @description The format, at most 500 characters: slots in braces, optional parts in brackets, everything else as it stands. */
            pattern: string;
        };
        /** @description A credential to be tried. */
        TestBody: {
            /** @description Code of the venue, as `GET /brokers` lists it. */
            broker: string;
            /** @description The credential by field, as `GET /brokers` names them. */
            credential: {
                [key: string]: string;
            };
            /** @description `paper` or `live`. */
            mode: components["schemas"]["Mode"];
        };
        /** @description What a credential opens, as the broker says it. */
        TestView: {
            /** @description Last four characters of the account id. */
            account_last4: string;
            /** @description What may be spent. */
            buying_power: string;
            /** @description Currency. */
            currency: string;
            /** @description Cash and positions together. */
            equity: string;
            /** @description Whether the key may withdraw; null when the broker does not tell. */
            may_withdraw: boolean | null;
            /** @description Paper or live. */
            mode: components["schemas"]["Mode"];
        };
        /** @description A one-time ticket. */
        Ticket: {
            /** @description The ticket. */
            ticket: string;
        };
        /**
         * @description How long an order may work.
         * @enum {string}
         */
        TimeInForce: "day" | "gtc" | "ioc" | "fok";
        /** @description Stage times, journal steps and fills of one order. */
        TimelineView: {
            /** @description Fills, oldest first. */
            fills: components["schemas"]["FillView"][];
            /** @description The order. */
            order: components["schemas"]["OrderView"];
            /**
             * Format: int64
             * @description Milliseconds from receiving the message to the first byte sent.
             */
            received_to_sent_ms: number | null;
            /**
             * Format: int64
             * @description Milliseconds from the first byte sent to the venue's answer.
             */
            sent_to_acknowledged_ms: number | null;
            /** @description Journal entries about the order, oldest first. */
            steps: components["schemas"]["StepView"][];
        };
        /** @description Sum over the accounts of one mode and currency. */
        TotalView: {
            /** @description Cash. */
            cash: string;
            /** @description Currency. */
            currency: string;
            /** @description Result since the session day began. */
            day_pnl: string;
            /** @description Equity. */
            equity: string;
            /** @description Sum of absolute market values. */
            exposure: string;
            /** @description Paper or live; never added together. */
            mode: components["schemas"]["Mode"];
        };
        /** @description A trailing stop. */
        TrailingBody: {
            /** @description Distance: `percent` or `offset`. */
            by: components["schemas"]["LevelBody"];
            /** @description Price from which it trails. */
            from?: string | null;
        };
        /** @description A trailing stop. */
        TrailingView: {
            /** @description Distance: `percent` or `offset`. */
            by: components["schemas"]["LevelView"];
            /** @description Price from which it trails. */
            from: string | null;
        };
        /** @description A stored message, read with the profile in force and with one that is tried. */
        TrialView: {
            /** @description As it would be read. */
            after: components["schemas"]["MeaningView"];
            /** @description Name of the author. */
            author: string;
            /** @description As it is read now. */
            before: components["schemas"]["MeaningView"];
            /** @description Whether it would mean something else. */
            changes: boolean;
            /** @description Message. */
            message_id: string;
            /** @description Posted at the source. */
            posted_at: string;
        };
        /**
         * @description What a figure counts.
         * @enum {string}
         */
        Unit: "money" | "percent" | "count" | "seconds";
        /** @description Whose lock is lifted. */
        UnlockBody: {
            /** @description `UNLOCK`, typed out. */
            confirm?: string | null;
            /** @description The connection that is locked. */
            connection_id: string;
        };
        /**
         * @description Who may unlock an account.
         * @enum {string}
         */
        Unlocker: "user" | "staff" | "platform";
        /** @description Why accounts are unlocked. */
        UnlockUserBody: {
            /**
             * @description `UNLOCK`, typed out.
             * @default null
             */
            confirm: string | null;
            /**
             * @description Why, 1 to 200 characters; the user reads it.
             * @default
             */
            reason: string;
        };
        /** @description What is used of one limit. */
        UsageView: {
            /** @description No new position is opened because of it now. */
            breached: boolean;
            /** @description Limit. */
            limit: string;
            /** @description Stable code of the rule. */
            rule: string;
            /** @description What the rule guards. */
            title: string;
            /** @description What both count. */
            unit: components["schemas"]["Unit"];
            /** @description Used. */
            used: string;
            /** @description Whose limit it is. */
            whose: components["schemas"]["LimitOwner"];
        };
        /** @description The user's limits with their version. */
        UserLimitsView: {
            /** @description The limits. */
            limits: components["schemas"]["LimitsView"];
            /** @description Limits that were asked to be loosened and are not yet, at most one change for each. */
            pending: components["schemas"]["LooseningView"][];
            /** @description Last change; null for the defaults. */
            updated_at: string | null;
            /**
             * Format: int64
             * @description Rises with every change; 0 = the defaults, never changed. Send it as `If-Match` with a change.
             */
            version: number;
        };
        /** @description The user who asks. */
        UserView: {
            /** @description First seen. */
            created_at: string;
            /** @description A user of the demo: simulated market, no real orders. */
            demo: boolean;
            /** @description Id. */
            id: string;
            /** @description Name shown. */
            name: string;
            /** @description Plan. */
            plan: components["schemas"]["Plan"];
            /** @description Whether the user operates the platform. */
            platform_admin: boolean;
        };
        /**
         * @description What a message was taken for.
         * @enum {string}
         */
        Verdict: "trade" | "not_a_trade" | "invalid";
        /** @description The answer of a verification. */
        VerifiedView: {
            /**
             * Format: int64
             * @description Place of the first entry at fault.
             */
            bad_seq: number | null;
            /**
             * Format: int64
             * @description Entries looked at.
             */
            entries: number;
            /** @description What is wrong with it. */
            fault: string | null;
            /**
             * Format: int64
             * @description First place looked at.
             */
            from_seq: number;
            /** @description Hash of the last entry looked at. */
            head_hash: string | null;
            /**
             * Format: int64
             * @description Where to go on (`from_seq`) when limit or time ended it before the end of the journal.
             */
            next_seq: number | null;
            /** @description Every entry of the range is in its place and unaltered. */
            ok: boolean;
        };
        /** @description Which part of the journal. */
        VerifyBody: {
            /**
             * Format: int64
             * @description First place; 0 when left out.
             * @default null
             */
            from_seq: number | null;
            /**
             * Format: int64
             * @description Entries looked at; at most, and when left out, 100,000.
             * @default null
             */
            limit: number | null;
        };
        /** @description What is running. */
        VersionView: {
            /** @description Commit it was built from. */
            commit: string | null;
            /** @description Demo: simulated market, no real orders. */
            demo: boolean;
            /** @description Version of the program. */
            version: string;
        };
        /** @description How somebody can log in here. */
        WaysView: {
            /** @description With the link that the demo prints. */
            demo: boolean;
            /** @description With Discord: `GET /auth/discord`. */
            discord: boolean;
        };
        /**
         * @description What a closed market does to an entry.
         * @enum {string}
         */
        WhenClosed: "queue" | "skip";
        /** @description Days and hours in which positions may be opened. One that ends before its start ends on the day after. */
        WindowView: {
            /** @description Days on which it starts. */
            days: components["schemas"]["Day"][];
            /** @description Its first minute, as `09:30`. */
            from: string;
            /** @description The minute at which it is over, as `16:00`; `24:00` is the end of the day. */
            to: string;
            /** @description Whose days and hours these are: a name of the IANA database, as `America/New_York`. */
            zone: string;
        };
        /** @description What would be decided on one instruction. */
        WouldDecisionView: {
            /** @description Rules that would reduce or refuse, headline first. */
            breaches: components["schemas"]["BreachView"][];
            /**
             * Format: int32
             * @description Index of the instruction.
             */
            instruction: number;
            /** @description One sentence. */
            message: string;
            /** @description Orders that would be placed. */
            orders: components["schemas"]["WouldOrderView"][];
            /** @description Stable code of why it would be skipped. */
            skip_reason: string | null;
            /** @description How it would stand. */
            status: components["schemas"]["DecisionStatus"];
        };
        /** @description An order that would be placed. */
        WouldOrderView: {
            /** @description Instrument. */
            instrument: string;
            /** @description Its limit or trigger; null at the market. */
            price: string | null;
            /** @description How many. */
            quantity: string;
            /** @description Side. */
            side: components["schemas"]["OrderSide"];
            /** @description How it would be worked. */
            type: string;
        };
        /** @description What the one who asks would have done. Nobody else's account is looked at. */
        WouldView: {
            /** @description What would be decided, instruction by instruction. */
            decisions: components["schemas"]["WouldDecisionView"][];
            /** @description Whether you follow the provider; otherwise a follow with the usual settings is assumed. */
            follows: boolean;
        };
        /** @description An option as written. */
        WrittenOptionView: {
            /** @description `2026-12-18`, or `12-18` when the year is left out; null when nothing is said. */
            expiry: string | null;
            /** @description `C` or `P`. */
            right: string;
            /** @description Strike. */
            strike: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    show_reconcile_only: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconcileOnlyView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lift_reconcile_only: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LiftBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconcileOnlyView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lock_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description User */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LockBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LocksView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlock_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description User */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnlockUserBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LocksView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_approvals: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ApprovalView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_approval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Approval */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Approval */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ApproveBody"] | null;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description gone: the card has expired */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Approval */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description gone: the card has expired */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    csrf_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CsrfView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    demo_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Ticket"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description gone: used before, or too old */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    demo_code: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DemoCodeView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_discord_login: {
        parameters: {
            query?: {
                /** @description A path of this site, such as `/orders`; the first page when left out. */
                next?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To Discord's page; sets a cookie that the way back is bound to */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: there is none yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation: `next` is no path of this site */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finish_discord_login: {
        parameters: {
            query?: {
                /** @description The code. */
                code?: string;
                /** @description Why there is no code. */
                error?: string;
                /** @description The state it was given. */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged in, to the page that was wanted */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page: another browser began this, or it was not allowed */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description not_found: there is none yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page: used before, or too late */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout_all: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndedView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    new_recovery_codes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodesView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refresh_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SessionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Session */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    socket_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocketTokenView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    step_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SteppedView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FactorView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirm_totp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolledView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_ways: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaysView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: there is none yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_brokers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_BrokerView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_broker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the venue */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrokerView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_communities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommunitiesView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_caps: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Community */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommunityCapsView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_caps: {
        parameters: {
            query?: never;
            header: {
                /** @description Version that is changed */
                "If-Match": string;
            };
            path: {
                /** @description Community */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CapsView"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommunityCapsView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_locks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Community */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LockedMembersView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_staff_unlocks: {
        parameters: {
            query?: never;
            header: {
                /** @description Version that is changed */
                "If-Match": string;
            };
            path: {
                /** @description Community */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StaffUnlocksBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommunityCapsView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlock_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Community */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnlockBody"];
            };
        };
        responses: {
            /** @description Unlocked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_connections: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ConnectionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_connection: {
        parameters: {
            query?: never;
            header: {
                /** @description 1 to 64 visible characters */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_connection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_connection: {
        parameters: {
            query?: {
                /** @description Name of the connection; needed while it has open orders or positions. */
                confirm?: string;
            };
            header?: never;
            path: {
                /** @description Connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    update_connection: {
        parameters: {
            query?: never;
            header: {
                /** @description Version that is changed */
                "If-Match": string;
            };
            path: {
                /** @description Connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionPatch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sync_connection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Connection */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands; the comparison is on its way */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_authorisation: {
        parameters: {
            query: {
                /** @description `LIVE`, when real money is to be traded. */
                confirm?: string;
                /** @description What a tripped daily loss does; wanted with the first real money only. */
                daily_loss_action?: components["schemas"]["LossAction"];
                /** @description Name, 1 to 40 characters. */
                label: string;
                /** @description `paper` or `live`. */
                mode: components["schemas"]["Mode"];
                /** @description True once it is understood that the broker does not tell what else the token may do; asked for with real money only. */
                rights_unread?: boolean;
            };
            header?: never;
            path: {
                /** @description Code of the broker */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthorizeView"];
                };
            };
            /** @description To the broker's page */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finish_authorisation: {
        parameters: {
            query?: {
                /** @description The code. */
                code?: string;
                /** @description Why there is no code. */
                error?: string;
                /** @description The state it was given. */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Connected: to the page of the brokers */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page: used before, or too late */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_credential: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_interaction: {
        parameters: {
            query?: never;
            header: {
                /** @description 128 hex digits */
                "X-Signature-Ed25519": string;
                /** @description Unix seconds */
                "X-Signature-Timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description An interaction, as Discord posts it */
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description The answer, in Discord's form */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description unauthorised: signature, time, size, or nothing that is answered; always the same */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: no public key is configured */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description degraded: too much to do; nothing was done */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_fills: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_FillView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_follows: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_FollowView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_follow: {
        parameters: {
            query?: never;
            header: {
                /** @description 1 to 64 visible characters */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FollowBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_follow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Follow */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_follow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Follow */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    update_follow: {
        parameters: {
            query?: never;
            header: {
                /** @description Version that is changed */
                "If-Match": string;
            };
            path: {
                /** @description Follow */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FollowSettings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pause_follow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Follow */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume_follow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Follow */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_hook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    update_hook: {
        parameters: {
            query?: never;
            header: {
                /** @description Version that is changed */
                "If-Match": string;
            };
            path: {
                /** @description Webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HookChangeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_deliveries: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DeliveryView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replay_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook */
                id: string;
                /** @description Delivery */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_hook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadingView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotate_hook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeHookView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deliver_signal: {
        parameters: {
            query?: never;
            header?: {
                /** @description Where the webhook asks for it */
                "X-Ordercast-Signature"?: string | null;
            };
            path: {
                /** @description Its secret */
                secret: string;
                /** @description Webhook */
                whk: string;
            };
            cookie?: never;
        };
        /** @description JSON or text, whatever its type says */
        requestBody: {
            content: {
                "text/plain": string;
            };
        };
        responses: {
            /** @description Stored, or taken before */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptView"];
                };
            };
            /** @description malformed: the body ended early */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthorised: unknown, wrong secret, signature, pass phrase or address; always the same */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden: switched off; plan_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large: more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation: it cannot be a signal, with the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description degraded or not_ready: nothing was taken, send it again after Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_journal: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /**
                 * @description A kind (`fill.booked`), or a group ending in a point (`order.`).
                 * @example order.
                 */
                kind?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_JournalView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_entry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Journal entry */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prove_entry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Journal entry */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InclusionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_checkpoints: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CheckpointView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: there is none yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prove_growth: {
        parameters: {
            query: {
                /** @description Entries of the earlier state, such as the `size` of a checkpoint that was kept. */
                first: number;
                /** @description Entries of the later state. */
                second: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsistencyView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    journal_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: there is none yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify_journal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifiedView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_bars: {
        parameters: {
            query: {
                /** @description Bars, newest at the end; 200 when left out. */
                limit?: number;
                /**
                 * @description Symbol.
                 * @example AAPL
                 */
                symbol: string;
                /** @description Venue; the one of the first own connection when left out. */
                venue?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_BarView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_calendar: {
        parameters: {
            query?: {
                /** @description Venue; the one of the first own connection when left out. */
                venue?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_SessionHoursView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_instruments: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
                /** @description A part of the symbol, or the exact spelling of an option (`AAPL 2026-12-18 150 C`). */
                q?: string;
                /** @description Venue; the one of the first own connection when left out. */
                venue?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_InstrumentView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_quotes: {
        parameters: {
            query: {
                /**
                 * @description 1 to 50 symbols, separated by commas.
                 * @example AAPL,BTC/USD
                 */
                symbols: string;
                /** @description Venue; the one of the first own connection when left out. */
                venue?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuotesView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    update_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_notices: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_NoticeLine"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_notices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_notices: {
        parameters: {
            query?: never;
            header: {
                /** @description Version that is changed; 0 for the defaults */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoticeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_orders: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
                /** @description Only those in this state. */
                state?: components["schemas"]["OrderState"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OrderView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    place_order: {
        parameters: {
            query?: never;
            header: {
                /** @description 1 to 64 visible characters; kept for ever */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderBody"];
            };
        };
        responses: {
            /** @description Placed */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomeView"];
                };
            };
            /** @description Queued, or not answered by the venue yet */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomeView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Order */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Order */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order as it stands; the cancel is on its way */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resolve_order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Order */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResolveBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    order_timeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Order */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimelineView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_all_orders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The orders whose cancel is on its way */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_OrderView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_outside_orders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_OutsideOrderView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_order: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_portfolio: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortfolioView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    portfolio_history: {
        parameters: {
            query?: {
                /** @description Range; `1d` when left out. */
                range?: "1h" | "1d" | "1w" | "1m" | "1y";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_EquityPointView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_positions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
                /** @description `open` when left out. */
                status?: "open" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PositionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_position: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Position */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PositionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close_position: {
        parameters: {
            query?: never;
            header: {
                /** @description 1 to 64 visible characters; kept for ever */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Position */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseBody"];
            };
        };
        responses: {
            /** @description Placed */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomeView"];
                };
            };
            /** @description Queued, or not answered by the venue yet */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomeView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume_position: {
        parameters: {
            query?: never;
            header: {
                /** @description 1 to 64 visible characters; kept for 24 hours */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Position */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeBody"];
            };
        };
        responses: {
            /** @description Watched */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResumedView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close_all_positions: {
        parameters: {
            query?: never;
            header: {
                /** @description 1 to 64 visible characters; kept for ever */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseAllBody"];
            };
        };
        responses: {
            /** @description Placed */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomeView"];
                };
            };
            /** @description Queued, or not answered by the venue yet */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomeView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_providers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ProviderView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Provider */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_hooks: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Provider */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_HookView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_hook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Provider */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HookBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeHookView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_provider_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Provider */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LessonView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_provider_profile: {
        parameters: {
            query?: never;
            header: {
                /** @description Version that is changed; 0 when nothing was taught */
                "If-Match": string;
            };
            path: {
                /** @description Provider */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LessonBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LessonView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    try_provider_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Provider */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List_TrialView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_provider_profiles: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Provider */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LessonView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    kill: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwitchBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KilledView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lift_kill: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwitchBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SwitchView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_limits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserLimitsView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_limits: {
        parameters: {
            query?: never;
            header: {
                /** @description Version that is changed; 0 for the defaults */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitsView"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserLimitsView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_limit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the limit, as `position_pct` or `drift_pct.equity` */
                limit: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserLimitsView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pause: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwitchBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SwitchView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwitchBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SwitchView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    risk_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RiskStatusView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnlockBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SwitchView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_signals: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SignalView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_signal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Signal */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalDetailView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_decisions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Rows of the page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Signal */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DecisionView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    parse_text: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ParseBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParsedView"];
                };
            };
            /** @description malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_login */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description csrf, forbidden, plan_required, step_up_required */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_found: missing, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description conflict, version_mismatch, idempotency_mismatch */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description media_type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description validation or risk_denied */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description killed or locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_limited */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_ready or degraded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AliveView"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyView"];
                };
            };
            /** @description A part is down */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyView"];
                };
            };
        };
    };
    version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionView"];
                };
            };
        };
    };
}
