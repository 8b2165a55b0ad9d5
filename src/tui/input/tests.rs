use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use proptest::prelude::*;
use rstest::rstest;

use super::Asked;
use super::parser::{Answer, Begun, Heard, Parser};

/// Everything that `pieces` come to, and then nothing.
fn read(pieces: &[&[u8]], asked: bool) -> Vec<Heard> {
    let (mut parser, mut heard) = (Parser::default(), Vec::new());
    for piece in pieces {
        parser.feed(piece, asked, &mut heard);
    }
    parser.give_up(&mut heard);
    assert_eq!(parser.begun(), None);
    heard
}

fn keys(text: &str) -> Vec<(KeyCode, KeyModifiers)> {
    let heard = read(&[text.as_bytes()], false);
    let keys = heard.into_iter().map(|heard| match heard {
        Heard::Event(Event::Key(key)) => (key.code, key.modifiers),
        other => panic!("{other:?} is no key"),
    });
    keys.collect()
}

const NONE: KeyModifiers = KeyModifiers::NONE;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;

#[rstest]
#[case("a", KeyCode::Char('a'), NONE)]
#[case("A", KeyCode::Char('A'), SHIFT)]
#[case("é", KeyCode::Char('é'), NONE)]
#[case("東", KeyCode::Char('東'), NONE)]
#[case("😀", KeyCode::Char('😀'), NONE)]
#[case("\r", KeyCode::Enter, NONE)]
#[case("\t", KeyCode::Tab, NONE)]
#[case("\x7f", KeyCode::Backspace, NONE)]
#[case("\x03", KeyCode::Char('c'), CONTROL)]
#[case("\x08", KeyCode::Char('h'), CONTROL)]
#[case("\n", KeyCode::Char('j'), CONTROL)]
#[case("\0", KeyCode::Char(' '), CONTROL)]
#[case("\x1f", KeyCode::Char('7'), CONTROL)]
#[case("\x1b", KeyCode::Esc, NONE)]
#[case("\x1bx", KeyCode::Char('x'), ALT)]
#[case("\x1bé", KeyCode::Char('é'), ALT)]
#[case("\x1b\r", KeyCode::Enter, ALT)]
#[case("\x1b[A", KeyCode::Up, NONE)]
#[case("\x1bOB", KeyCode::Down, NONE)]
#[case("\x1b[1;5C", KeyCode::Right, CONTROL)]
#[case("\x1b[1;2D", KeyCode::Left, SHIFT)]
#[case("\x1b[H", KeyCode::Home, NONE)]
#[case("\x1b[4~", KeyCode::End, NONE)]
#[case("\x1b[5~", KeyCode::PageUp, NONE)]
#[case("\x1b[3~", KeyCode::Delete, NONE)]
#[case("\x1b[Z", KeyCode::BackTab, SHIFT)]
#[case("\x1bOP", KeyCode::F(1), NONE)]
#[case("\x1b[11~", KeyCode::F(1), NONE)]
#[case("\x1b[[A", KeyCode::F(1), NONE)]
#[case("\x1b[[E", KeyCode::F(5), NONE)]
#[case("\x1b[15~", KeyCode::F(5), NONE)]
#[case("\x1b[1;2R", KeyCode::F(3), SHIFT)]
#[case("\x1b[24~", KeyCode::F(12), NONE)]
#[case("\x1b[27;5;13~", KeyCode::Enter, CONTROL)]
#[case("\x1b[97;5u", KeyCode::Char('a'), CONTROL)]
#[case("\x1b[9;2u", KeyCode::BackTab, SHIFT)]
fn keys_are_read(#[case] text: &str, #[case] code: KeyCode, #[case] modifiers: KeyModifiers) {
    assert_eq!(keys(text), [(code, modifiers)], "{text:?}");
}

#[test]
fn keys_in_a_row_are_told_apart() {
    let names: Vec<KeyCode> = keys("\x1b\x1b[Aa\x1bOPq\x1b")
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    let wanted = [
        KeyCode::Esc,
        KeyCode::Up,
        KeyCode::Char('a'),
        KeyCode::F(1),
        KeyCode::Char('q'),
        KeyCode::Esc,
    ];
    assert_eq!(names, wanted);
}

#[test]
fn a_key_that_is_let_go_is_told_as_such() {
    let heard = read(&[b"\x1b[97;1:3u"], false);
    let released = KeyEvent::new_with_kind(KeyCode::Char('a'), NONE, KeyEventKind::Release);
    assert_eq!(heard, [Heard::Event(Event::Key(released))]);
}

#[rstest]
#[case("\x1b]11;rgb:ffff/ffff/ffff\x1b\\", Some(Answer::Background([255, 255, 255])))]
#[case("\x1b]11;rgb:1e/1f/20\x07", Some(Answer::Background([0x1e, 0x1f, 0x20])))]
#[case("\x1b]11;rgba:0000/8080/ffff/ffff\x07", Some(Answer::Background([0, 0x80, 255])))]
#[case("\x1b]11;#102030\x07", Some(Answer::Background([0x10, 0x20, 0x30])))]
#[case("\x1b]11;rgb:f/0/8\x07", Some(Answer::Background([255, 0, 136])))]
#[case("\x1b[?62;4c", Some(Answer::Attributes))]
#[case("\x1b[1;3R", Some(Answer::Column(3)))]
#[case("\x1b[?997;1n", Some(Answer::Scheme { light: false }))]
#[case("\x1b[?997;2n", Some(Answer::Scheme { light: true }))]
#[case("\x1b]11;?\x07", None)]
#[case("\x1b]11;rgb:zz/00/00\x07", None)]
#[case("\x1b]11;rgb:/00/00\x07", None)]
#[case("\x1b]11;#\x07", None)]
#[case("\x1b]11;#é12345\x07", None)]
#[case("\x1b]10;rgb:00/00/00\x07", None)]
#[case("\x1b]52;c;aGVsbG8=\x07", None)]
#[case("\x1bP>|tmux 3.4\x1b\\", None)]
#[case("\x1b_Gi=1;OK\x1b\\", None)]
#[case("\x1b[?2031;1$y", None)]
#[case("\x1b[>0;276;0c", None)]
#[case("\x1b[M !\"", None)]
fn answers_are_no_keys_wherever_they_are_cut(#[case] text: &str, #[case] answer: Option<Answer>) {
    let wanted: Vec<Heard> = answer.into_iter().map(Heard::Answer).collect();
    let bytes = text.as_bytes();
    for cut in 0..=bytes.len() {
        assert_eq!(
            read(&[&bytes[..cut], &bytes[cut..]], true),
            wanted,
            "{text:?} cut at {cut}"
        );
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(read(&single, true), wanted);
}

#[test]
fn what_breaks_off_leaves_the_next_key_alone() {
    for begun in ["\x1b]11;rgb:ff", "\x1bP1$r", "\x1b[12;", "\x1bO", "\x1b[M ", "\x1b[["] {
        let mut heard = Vec::new();
        let mut parser = Parser::default();
        parser.feed(begun.as_bytes(), true, &mut heard);
        assert_eq!(parser.begun(), Some(Begun::Sequence), "{begun:?}");
        parser.give_up(&mut heard);
        parser.feed(b"q", true, &mut heard);
        assert_eq!(
            heard,
            [Heard::Event(Event::Key(KeyCode::Char('q').into()))],
            "{begun:?}"
        );
    }
    // Control keys go through even inside.
    assert_eq!(keys("\x1b]11;rgb\x03"), [(KeyCode::Char('c'), CONTROL)]);
    assert_eq!(keys("\x1b[12\x03"), [(KeyCode::Char('c'), CONTROL)]);
    assert_eq!(keys("\x1b]11;rgb\x1b[A"), [(KeyCode::Up, NONE)]);
}

#[test]
fn a_paste_is_one_text_with_whatever_is_in_it() {
    let text = "a\x1b[A\x03é\x1b[200~";
    let pasted = format!("\x1b[200~{text}\x1b[201~q");
    let single: Vec<&[u8]> = pasted.as_bytes().chunks(1).collect();
    let heard = read(&single, false);
    let wanted = [
        Heard::Event(Event::Paste(text.to_owned())),
        Heard::Event(Event::Key(KeyCode::Char('q').into())),
    ];
    assert_eq!(heard, wanted);
}

#[test]
fn a_huge_paste_is_cut_and_ends_where_it_ends() {
    let pasted = format!("\x1b[200~{}\x1b[201~q", "x".repeat(1_000_000));
    let heard = read(&[pasted.as_bytes()], false);
    let [Heard::Event(Event::Paste(text)), Heard::Event(Event::Key(_))] = heard.as_slice() else {
        panic!("{} events", heard.len());
    };
    assert_eq!(text.len(), 64 * 1024);
}

#[test]
fn the_mouse_is_read_in_its_new_form_and_passed_over_in_the_old_one() {
    let heard = read(
        &[b"\x1b[<0;12;3M\x1b[<0;12;3m\x1b[<65;1;1M\x1b[<35;2;2M\x1b[<0;0;0M"],
        false,
    );
    let kinds: Vec<_> = heard
        .iter()
        .map(|heard| match heard {
            Heard::Event(Event::Mouse(mouse)) => (mouse.kind, mouse.column, mouse.row),
            other => panic!("{other:?}"),
        })
        .collect();
    let wanted = [
        (MouseEventKind::Down(MouseButton::Left), 11, 2),
        (MouseEventKind::Up(MouseButton::Left), 11, 2),
        (MouseEventKind::ScrollDown, 0, 0),
    ];
    assert_eq!(kinds, wanted);
    assert_eq!(read(&[b"\x1b[M\x80\xc3\xff"], false), []);
}

#[test]
fn an_answer_is_awaited_until_the_last_one_comes() {
    let asked = Asked::default();
    assert!(!asked.is_awaited());
    asked.begin();
    assert!(asked.is_awaited());
    asked.end();
    assert!(!asked.is_awaited());
}

proptest! {
    #[test]
    fn any_bytes_are_safe_and_mean_the_same_in_any_pieces(
        bytes in prop::collection::vec(prop_oneof![3 => prop::sample::select(b"\x1b[]OPM<>?;:0129~ucRnA\x07\\\x03a".to_vec()), 1 => any::<u8>()], 0..200),
        cut in any::<prop::sample::Index>(),
        asked: bool,
    ) {
        let cut = cut.index(bytes.len() + 1);
        let whole = read(&[&bytes], asked);
        prop_assert_eq!(read(&[&bytes[..cut], &bytes[cut..]], asked), whole);
    }

    #[test]
    fn typed_text_is_typed_text(text in "[^\\x00-\\x1f\\x7f-\\x9f]{0,40}") {
        let typed: String = keys(&text).into_iter().filter_map(|(code, _)| code.as_char()).collect();
        prop_assert_eq!(typed, text);
    }
}
