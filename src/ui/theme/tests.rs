//! Every theme can be read by everyone, and a file that cannot is refused.

use proptest::prelude::*;
use ratatui::style::Color;
use rstest::rstest;
use strum::IntoEnumIterator;

use super::colour::Rgb;
use super::*;
use crate::document::{Document, Mistake};

mod eyes;

const WORDS: [Role; 6] = [Role::Text, Role::Muted, Role::Accent, Role::Ok, Role::Warn, Role::Over];

fn built_in(name: &str) -> Themes {
    let mut themes = Themes::default();
    assert!(themes.choose(name), "{name}");
    themes
}

fn look(light: bool, depth: Depth) -> Look {
    Look {
        light,
        depth,
        ascii: false,
    }
}

fn theme(name: &str, light: bool, depth: Depth) -> Theme {
    built_in(name).theme(look(light, depth))
}

fn read(text: &str) -> Result<Scheme, Vec<Mistake>> {
    Scheme::read("mine", &Document::new(toml::from_str(text).unwrap(), text))
}

/// What a colour looks like, if it is not the user's own.
fn known(colour: Color) -> Rgb {
    match colour {
        Color::Rgb(red, green, blue) => Rgb(red, green, blue),
        Color::Indexed(number) => Rgb::from_ansi256(number),
        other => panic!("{other} is the terminal's own"),
    }
}

fn hex(text: &str) -> Rgb {
    Rgb::from_hex(text).unwrap()
}

#[test]
fn every_file_is_read_and_says_all_ten_roles() {
    let names: Vec<String> = Themes::default().names().map(str::to_owned).collect();
    assert_eq!(names, ["auto", "dark", "light", "high-contrast", "mono", "terminal"]);
    for (name, text) in themes::FILES {
        let values: toml::Table = toml::from_str(text).unwrap();
        for (table, roles) in &values {
            let mut said: Vec<&str> = roles.as_table().unwrap().keys().map(String::as_str).collect();
            let mut all = Role::VARIANTS.to_vec();
            said.sort_unstable();
            all.sort_unstable();
            assert_eq!(said, all, "{name} {table}");
        }
        assert!(read(text).is_ok(), "{name}");
    }
}

#[rstest]
#[case(Theme::dark(), ["#dce3ea", "#93a1b0", "#4b5866", "#9db8ff", "#58c9bd", "#f4cf58", "#ff6b88", "#253349", "#1c2530", "#26303b"])]
#[case(Theme::light(), ["#1d2733", "#566472", "#aab5c0", "#3148c8", "#0b6f78", "#7d5f00", "#a8124e", "#dce6f7", "#eef2f6", "#e3e8ee"])]
fn twenty_four_bits_are_colours_and_nothing_else(#[case] theme: Theme, #[case] colours: [&str; 10]) {
    for (role, colour) in Role::iter().zip(colours) {
        let colour = hex(colour).colour();
        let wanted = if role.is_background() {
            Style::new().bg(colour)
        } else {
            Style::new().fg(colour)
        };
        assert_eq!(theme.style(role), wanted, "{role:?}");
    }
}

#[rstest]
#[case("dark", &["#000000", "#1e1e1e", "#282828", "#002b36"], 4.5)]
#[case("light", &["#ffffff", "#fdf6e3", "#f0f0f0"], 4.5)]
#[case("high-contrast", &["#000000", "#1a1a1a"], 7.0)]
#[case("high-contrast", &["#ffffff", "#f0f0f0"], 7.0)]
fn words_can_be_read_on_every_usual_background(#[case] name: &str, #[case] pages: &[&str], #[case] least: f64) {
    let light = hex(pages[0]) == Rgb::WHITE;
    // 256 colours have no brown as dark as that of the theme with the highest contrast.
    for (depth, least) in [(Depth::True, least), (Depth::Ansi256, 4.5)] {
        let theme = theme(name, light, depth);
        let own = [Role::Sel, Role::Field]
            .into_iter()
            .filter_map(|role| theme.style(role).bg);
        // The 256 colours have no shade between the selected row and black: there, only pages count.
        let own = own.filter(|_| depth == Depth::True).map(known);
        for page in pages.iter().map(|page| hex(page)).chain(own) {
            for role in WORDS {
                let ratio = known(theme.style(role).fg.unwrap()).contrast(page);
                assert!(ratio >= least, "{role:?} on {} in {depth:?}: {ratio:.2}", page.hex());
            }
        }
    }
}

#[rstest]
#[case("dark", false)]
#[case("light", true)]
#[case("high-contrast", false)]
#[case("high-contrast", true)]
fn good_and_bad_differ_for_colour_blind_eyes(#[case] name: &str, #[case] light: bool) {
    let theme = theme(name, light, Depth::True);
    let colours = [Role::Ok, Role::Warn, Role::Over].map(|role| known(theme.style(role).fg.unwrap()));
    for (kind, matrix) in eyes::KINDS {
        for (a, b) in [(0, 1), (1, 2), (0, 2)] {
            let difference = eyes::difference(eyes::seen(colours[a], matrix), eyes::seen(colours[b], matrix));
            assert!(
                difference >= 10.0,
                "{kind}: {} and {}: {difference:.1}",
                colours[a].hex(),
                colours[b].hex()
            );
        }
    }
}

#[test]
fn without_colours_nothing_is_coloured_and_no_word_is_dim() {
    for name in Themes::default().names() {
        assert_eq!(theme(name, false, Depth::None), Theme::mono(), "{name}");
    }
    for role in Role::iter() {
        let style = Theme::mono().style(role);
        assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
    }
    for theme in [Theme::mono(), Theme::ansi16()] {
        assert!(WORDS.iter().all(|&role| !theme.style(role).has_modifier(Modifier::DIM)));
        assert!(theme.selected().has_modifier(Modifier::REVERSED));
    }
}

#[test]
fn sixteen_colours_leave_out_the_unreadable_ones() {
    for name in Themes::default().names() {
        for light in [false, true] {
            let theme = theme(name, light, Depth::Ansi16);
            for role in Role::iter() {
                let style = theme.style(role);
                let left_out = [Color::Blue, Color::LightBlue, Color::DarkGray].map(Some);
                assert!(!left_out.contains(&style.fg) && style.bg.is_none(), "{name}: {role:?}");
            }
        }
    }
    assert_eq!(theme("terminal", false, Depth::True), Theme::ansi16());
    assert_eq!(theme("mono", false, Depth::True), Theme::mono());
}

#[rstest]
#[case(Depth::True, false, Theme::dark())]
#[case(Depth::True, true, Theme::light())]
#[case(Depth::Ansi256, true, theme("light", true, Depth::Ansi256))]
#[case(Depth::Ansi16, true, Theme::ansi16())]
#[case(Depth::None, false, Theme::mono())]
fn picks_what_the_terminal_can_show(#[case] depth: Depth, #[case] light: bool, #[case] theme: Theme) {
    assert_eq!(Theme::pick(look(light, depth)), theme);
}

#[test]
fn the_256_colours_are_those_that_were_chosen() {
    let numbers = |name, light| {
        Role::iter()
            .map(move |role| theme(name, light, Depth::Ansi256).style(role))
            .map(|s| s.fg.or(s.bg))
    };
    let dark = [254, 247, 240, 111, 80, 221, 204, 237, 235, 237].map(|n| Some(Color::Indexed(n)));
    let light = [235, 241, 249, 26, 23, 94, 125, 189, 255, 254].map(|n| Some(Color::Indexed(n)));
    assert!(numbers("dark", false).eq(dark) && numbers("light", true).eq(light));
}

#[test]
fn themes_are_stepped_through_and_come_round() {
    let mut themes = Themes::default();
    themes.add(read("[dark]\ntext = \"#ffffff\"\n").unwrap());
    let seen: Vec<String> = (0..8)
        .map(|_| {
            let name = themes.name().to_owned();
            themes.choose_next();
            name
        })
        .collect();
    let wanted = [
        "auto",
        "dark",
        "light",
        "high-contrast",
        "mono",
        "terminal",
        "mine",
        "auto",
    ];
    assert_eq!(seen, wanted);
    assert!(!themes.choose("purple"));
}

#[test]
fn a_file_may_say_only_what_differs() {
    let mut themes = Themes::default();
    themes.add(read("[dark]\nok = \"#00ff00\"\nwarn = { ansi16 = \"magenta\", modifiers = [\"italic\"] }\n").unwrap());
    themes.choose("mine");
    let mine = |depth| themes.theme(look(true, depth));
    let style = mine(Depth::True).style(Role::Ok);
    assert_eq!(style.fg, Some(Color::Rgb(0, 255, 0)));
    assert_eq!(
        mine(Depth::True).style(Role::Text),
        Theme::dark().style(Role::Text),
        "the rest is that of dark"
    );
    assert_eq!(mine(Depth::Ansi256).style(Role::Ok).fg, Some(Color::Indexed(46)));
    assert_eq!(mine(Depth::Ansi16).style(Role::Ok), Theme::ansi16().style(Role::Ok));
    let warn = Style::new().fg(Color::Magenta).add_modifier(Modifier::ITALIC);
    assert_eq!(
        (
            mine(Depth::True).style(Role::Warn),
            mine(Depth::Ansi16).style(Role::Warn)
        ),
        (warn, warn)
    );
    assert_eq!(mine(Depth::None), Theme::mono());
}

#[test]
fn a_theme_for_both_backgrounds_follows_the_terminal() {
    let mut themes = built_in("high-contrast");
    let text = |themes: &Themes, light| themes.theme(look(light, Depth::True)).style(Role::Text).fg.map(known);
    assert_eq!(
        (text(&themes, false), text(&themes, true)),
        (Some(Rgb::WHITE), Some(Rgb::BLACK))
    );
    themes.choose("dark");
    assert_eq!(text(&themes, true), text(&themes, false), "chosen by name, it stays");
}

#[rstest]
#[case("[drak]", "line 1: \"drak\" is not a table", "Did you mean \"dark\"?")]
#[case("dark = 5", "\"dark\" cannot be 5", "[dark]")]
#[case("", "\"dark\" is missing", "[light]")]
#[case("[dark]\n\ntxet = \"#ffffff\"", "line 3: \"dark.txet\" is not a role", "\"text\"")]
#[case("[dark]\ntext = \"white\"", "\"dark.text\" cannot be \"white\"", "#rrggbb")]
#[case("[dark]\ntext = \"#fffffg\"", "\"dark.text\" cannot be", "#rrggbb")]
#[case("[dark]\ntext = { rbg = \"#ffffff\" }", "\"dark.text.rbg\" is not part", "\"rgb\"")]
#[case("[dark]\nok = { ansi256 = 9 }", "\"dark.ok.ansi256\" cannot be 9", "16 to 255")]
#[case(
    "[dark]\nok = { ansi16 = \"cyna\" }",
    "\"dark.ok.ansi16\" cannot be \"cyna\"",
    "\"cyan\""
)]
#[case(
    "[dark]\nsel = { ansi16 = \"cyan\" }",
    "line 2: \"dark.sel\" hides ok",
    "leave ansi16 out"
)]
#[case("[dark]\nok = { modifiers = [\"blod\"] }", "cannot be \"blod\"", "\"bold\"")]
#[case("[dark]\nok = { modifiers = [\"dim\"] }", "cannot be \"dim\"", "Dim words")]
#[case("[dark]\nok = { modifiers = \"bold\" }", "cannot be \"bold\"", "[\"bold\"]")]
#[case(
    "[dark]\nbackground = \"black\"",
    "\"dark.background\" cannot be \"black\"",
    "#rrggbb"
)]
#[case(
    "[dark]\nover = \"#400000\"",
    "line 2: \"dark.over\" makes over #400000 on #1c2530: a contrast of 1.",
    "3:1"
)]
#[case(
    "[light]\ntext = \"#949494\"",
    "\"light.text\" makes text #949494 on #dce6f7: a contrast of 2.4:1",
    "3:1"
)]
#[case(
    "[dark]\nsel = \"#ffffff\"",
    "line 2: \"dark.sel\" makes text #e4e4e4 on #ffffff: a contrast of 1.2:1",
    "3:1"
)]
#[case(
    "[dark]\nbackground = \"#ffffff\"\nsel = {}\nfield = {}",
    "line 2: \"dark.background\" makes text",
    "3:1"
)]
#[case(
    "[any]\nok = { rgb = \"#ffffff\" }",
    "\"any.ok\" makes ok #ffffff on #ffffff: a contrast of 1.0:1",
    "3:1"
)]
#[case("[any]\nok = { ansi256 = 231 }", "\"any.ok\" makes ok #ffffff", "3:1")]
fn a_bad_file_is_refused_with_line_key_and_advice(#[case] text: &str, #[case] what: &str, #[case] advice: &str) {
    let mistakes = read(text).unwrap_err();
    let told = |mistake: &&Mistake| mistake.to_string().contains(what) && mistake.advice.contains(advice);
    assert!(mistakes.iter().any(|mistake| told(&mistake)), "{mistakes:#?}");
}

#[test]
fn decoration_may_be_as_faint_as_it_likes() {
    assert!(read("[dark]\nfaint = { rgb = \"#111111\", modifiers = [\"dim\"] }").is_ok());
}

proptest! {
    #[test]
    fn any_file_is_safe(
        table in "dark|light|any|drak",
        lines in prop::collection::vec("(text|ok|sel|background|x) = (\"#[0-9a-g]{6}\"|[0-9]{1,3}|\\{ (rgb|ansi256|ansi16|modifiers) = (\"#[0-9a-f]{6}\"|\"cyan\"|[0-9]{1,3}|\\[\"dim\"\\]) \\})", 0..5),
    ) {
        let text = format!("[{table}]\n{}", lines.join("\n"));
        if let Ok(values) = toml::from_str(&text)
            && let Ok(scheme) = Scheme::read("any", &Document::new(values, &text))
        {
            for depth in [Depth::True, Depth::Ansi256, Depth::Ansi16, Depth::None] {
                let theme = scheme.theme(table == "light", depth);
                let readable = |role: Role| theme.style(role).fg != theme.style(Role::Sel).bg || theme.style(role).fg.is_none();
                prop_assert!(WORDS.into_iter().all(readable));
            }
        }
    }
}

#[test]
fn a_backdrop_keeps_its_text_and_loses_its_colours() {
    let theme = Theme::dark();
    let mut buf = Buffer::empty(Rect::new(0, 0, 6, 1));
    buf.set_string(0, 0, "Dining", theme.selected());
    dim_area(&mut buf, Rect::new(0, 0, 6, 1), &theme);
    let cell = &buf[(0, 0)];
    assert_eq!(
        (cell.symbol(), cell.bg, cell.modifier),
        ("D", Color::Reset, Modifier::empty())
    );
    assert_eq!(Some(cell.fg), theme.style(Role::Faint).fg);
}
