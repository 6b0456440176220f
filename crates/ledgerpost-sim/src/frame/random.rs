//! Seeded chance: the same seed and the same order of requests give the same outcome.

/// A number in `0.0..1.0` that depends on `seed` and `step` only.
pub fn unit_interval(seed: u64, step: u64) -> f64 {
    // SplitMix64: one round is enough for latencies and fault probabilities.
    let mut z = seed ^ step.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    #[expect(clippy::cast_precision_loss, reason = "32 bits fit a double exactly")]
    let unit = (z >> 32) as f64 / 4_294_967_296.0;
    unit
}
