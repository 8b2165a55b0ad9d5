//! Arithmetic that gives the same bits on every machine: additions, multiplications and divisions only.

use crate::domain::category::DEFAULTS;

/// The exponential function, to about seven digits; 0 far below zero.
pub(in crate::categorize) fn exp(x: f32) -> f32 {
    if x < -87.0 {
        return 0.0;
    }
    let x = x.min(88.0);
    let halvings = (x * std::f32::consts::LOG2_E).round();
    // What is left lies within half of ln 2 of zero, where the series is short.
    let rest = x - halvings * std::f32::consts::LN_2;
    let series = 1.0
        + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest * (1.0 / 120.0 + rest / 720.0)))));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between -126 and 127, so 1 to 254"
    )]
    let power = f32::from_bits(((halvings as i32 + 127).clamp(1, 254) as u32) << 23);
    series * power
}

/// Scores as probabilities that add up to 1.
pub(in crate::categorize) fn softmax(scores: &[f32; DEFAULTS.len()]) -> [f32; DEFAULTS.len()] {
    let highest = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers = scores.map(|score| exp(score - highest));
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// The natural logarithm of a number above 0, to about seven digits.
pub(in crate::categorize) fn ln(x: f32) -> f32 {
    let bits = x.to_bits();
    #[expect(clippy::cast_possible_wrap, reason = "eight bits")]
    let exponent = ((bits >> 23) & 0xFF) as i32 - 127;
    let mantissa = f32::from_bits((bits & 0x007F_FFFF) | 0x3F80_0000);
    // The series of artanh converges fast where the mantissa lies near 1.
    let (mantissa, exponent) = if mantissa > std::f32::consts::SQRT_2 {
        (mantissa / 2.0, exponent + 1)
    } else {
        (mantissa, exponent)
    };
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let series = 2.0 * t * (1.0 + square * (1.0 / 3.0 + square * (0.2 + square * (1.0 / 7.0 + square / 9.0))));
    #[expect(clippy::cast_precision_loss, reason = "eight bits")]
    let exponent = exponent as f32;
    series + exponent * std::f32::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ends_are_finite() {
        assert!(exp(f32::MIN) == 0.0 && exp(-87.0) > 0.0 && exp(1e9).is_finite());
        assert!(softmax(&[f32::MAX; 20]).iter().all(|share| (share - 0.05).abs() < 1e-6));
    }

    proptest! {
        #[test]
        fn as_exact_as_a_number_holds(x in -80.0_f32..80.0, y in 1e-9_f32..1e9) {
            prop_assert!((exp(x) / x.exp() - 1.0).abs() < 2e-5);
            prop_assert!((ln(y) - y.ln()).abs() < 1e-4);
        }

        #[test]
        fn shares_add_up(scores in prop::array::uniform20(-200.0_f32..200.0)) {
            prop_assert!((softmax(&scores).iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }
}
