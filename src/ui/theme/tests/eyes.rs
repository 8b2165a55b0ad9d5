//! What eyes see.

use super::Rgb;

type Matrix = [[f64; 3]; 3];
type Lab = [f64; 3];

/// Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
/// deficiency" (2009), severity 1, on linear RGB.
pub const KINDS: [(&str, Matrix); 4] = [
    (
        "full colour vision",
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ),
    (
        "protanopia",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

fn apply(matrix: Matrix, to: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * to[0] + row[1] * to[1] + row[2] * to[2])
}

/// A colour as such eyes see it, in CIELAB under D65.
pub fn seen(colour: Rgb, matrix: Matrix) -> Lab {
    let linear = apply(matrix, colour.linear()).map(|part| part.clamp(0.0, 1.0));
    let [x, y, z] = apply(
        [
            [0.412_456_4, 0.357_576_1, 0.180_437_5],
            [0.212_672_9, 0.715_152_2, 0.072_175_0],
            [0.019_333_9, 0.119_192_0, 0.950_304_1],
        ],
        linear,
    );
    let f = |t: f64| {
        if t > 216.0 / 24389.0 {
            t.cbrt()
        } else {
            (24389.0 / 27.0 * t + 16.0) / 116.0
        }
    };
    let (x, y, z) = (f(x / 0.950_47), f(y), f(z / 1.088_83));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIEDE2000, after Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula" (2005).
pub fn difference([l1, a1, b1]: Lab, [l2, a2, b2]: Lab) -> f64 {
    let mean_chroma = f64::midpoint(a1.hypot(b1), a2.hypot(b2)).powi(7);
    let stretch = 1.0 + 0.5 * (1.0 - (mean_chroma / (mean_chroma + 25_f64.powi(7))).sqrt());
    let (a1, a2) = (a1 * stretch, a2 * stretch);
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let grey = c1 * c2 == 0.0;
    let turn = if grey {
        0.0
    } else {
        (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0
    };
    let h = if grey {
        h1 + h2
    } else {
        (h1 + turn / 2.0).rem_euclid(360.0)
    };
    let (l, c) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
    let delta_h = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0) - 0.20 * cos(4.0 * h - 63.0);
    let l_off = (l - 50.0).powi(2);
    let l_part = (l2 - l1) / (1.0 + 0.015 * l_off / (20.0 + l_off).sqrt());
    let c_part = (c2 - c1) / (1.0 + 0.045 * c);
    let h_part = delta_h / (1.0 + 0.015 * c * t);
    let c7 = c.powi(7);
    let rotation =
        -2.0 * (c7 / (c7 + 25_f64.powi(7))).sqrt() * (60.0 * (-((h - 275.0) / 25.0).powi(2)).exp()).to_radians().sin();
    (l_part.powi(2) + c_part.powi(2) + h_part.powi(2) + rotation * c_part * h_part).sqrt()
}

/// Two pairs of the test data that comes with the paper.
#[test]
fn the_formula_is_the_published_one() {
    let pairs = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([22.7233, 20.0904, -46.6940], [23.0331, 14.9730, -42.5619], 2.0373),
        ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
    ];
    for (a, b, wanted) in pairs {
        assert!((difference(a, b) - wanted).abs() < 0.0001, "{}", difference(a, b));
    }
}
