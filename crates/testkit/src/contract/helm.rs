//! What every helm must do: one holder at a time, a number that only rises, errands taken once and by the holder alone.
#![allow(clippy::expect_used, clippy::panic, reason = "a broken contract panics")]

use ordercast_model::ports::helm::{Errand, Helm};

use crate::sample::id;

fn errand(n: u64) -> Errand {
    Errand {
        id: format!("e{n}"),
        user_id: id(n),
        connection_id: id(n),
        job: format!("job {n}"),
    }
}

/// Checks the promises on a helm nobody uses yet.
///
/// # Panics
/// When the contract is broken.
pub async fn run(helm: &dyn Helm) {
    let free = helm.look().await.expect("answers");
    assert_eq!((free.holder.as_str(), free.fence, free.bound), ("", 0, 0));
    assert!(
        helm.beat(0, 0).await.expect("answers").is_none(),
        "nobody holds it"
    );
    for n in [2, 1, 2] {
        helm.leave(&errand(n)).await.expect("left");
    }
    let first = helm.take("one", &free).await.expect("answers").expect("free");
    assert_eq!((first.holder.as_str(), first.fence), ("one", 1));
    let late = helm.take("two", &free).await.expect("answers");
    assert_eq!(late, None, "it stands as it was seen no more");
    let (stand, errands) = helm.beat(first.fence, 0).await.expect("answers").expect("held");
    assert!(stand.beats > first.beats, "it lives");
    assert_eq!(errands, [errand(1), errand(2)], "in order, each once");
    let call = helm.call().await.expect("answers");
    let (stand, errands) = helm
        .beat(first.fence, call)
        .await
        .expect("answers")
        .expect("held");
    assert_eq!((stand.calls, stand.bound), (call, call));
    assert!(errands.is_empty(), "taken");
    // It beat since it was seen: it cannot be taken away.
    assert_eq!(helm.take("two", &first).await.expect("answers"), None);
    helm.leave(&errand(3)).await.expect("left");
    let second = helm.take("two", &stand).await.expect("answers").expect("silent");
    assert_eq!((second.fence, second.bound), (2, 0), "bound by nothing yet");
    assert!(
        helm.beat(first.fence, call).await.expect("answers").is_none(),
        "lost"
    );
    helm.release(first.fence).await.expect("answers");
    let (_, errands) = helm.beat(second.fence, 0).await.expect("answers").expect("held");
    assert_eq!(errands, [errand(3)], "left for whoever holds it");
    helm.release(second.fence).await.expect("answers");
    let free = helm.look().await.expect("answers");
    assert_eq!((free.holder.as_str(), free.fence), ("", 2));
    assert!(
        helm.beat(second.fence, 0).await.expect("answers").is_none(),
        "given back"
    );
}
