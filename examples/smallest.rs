//! The smallest ratatui program: what any dashboard's start is measured against in `benches/process.rs`.

fn main() -> std::io::Result<()> {
    let mut terminal = ratatui::init();
    let drawn = terminal
        .draw(|frame| frame.render_widget("hello", frame.area()))
        .map(|_| ());
    let waited = drawn.and_then(|()| crossterm::event::read().map(|_| ()));
    ratatui::restore();
    waited
}
