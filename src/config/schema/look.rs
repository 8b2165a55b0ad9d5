//! The keys about how the dashboard looks.

use strum::VariantNames;

use crate::ui::{BarStyle, GlyphSet, Graph};

use super::value::{parse, put, switch, text};
use super::{Key, Kind};

pub(super) static LOOK: [Key; 7] = [
    Key {
        name: "theme",
        kind: Kind::Text(
            "auto, dark, light, high-contrast, mono, terminal, or the name or path of a theme file",
            "dark",
        ),
        about: "The colours. \"auto\" is dark or light as the terminal is. A theme of your own is a file in the \
                folder themes beside this one, \"mine\" for themes/mine.toml; budget-tracker config --theme-file prints \
                one to begin with.",
        take: |config, value| {
            let name = text(value).trim();
            name.clone_into(&mut config.appearance.theme);
            !name.is_empty()
        },
        show: |config| config.appearance.theme.as_str().into(),
    },
    Key {
        name: "glyphs",
        kind: Kind::Choice(GlyphSet::VARIANTS),
        about: "The characters that bars and marks are made of. \"auto\" asks the terminal and its locale.",
        take: |config, value| parse(value, &mut config.appearance.glyphs),
        show: |config| config.appearance.glyphs.to_string().into(),
    },
    Key {
        name: "graph",
        kind: Kind::Choice(Graph::VARIANTS),
        about: "How lines in charts are drawn. \"auto\" is braille, or ascii with ASCII glyphs.",
        take: |config, value| parse(value, &mut config.appearance.graph),
        show: |config| config.appearance.graph.to_string().into(),
    },
    Key {
        name: "bars",
        kind: Kind::Choice(BarStyle::VARIANTS),
        about: "How a budget is drawn: in one row, in two rows with the day under the bar, or with a small bar for \
                each day beside it.",
        take: |config, value| parse(value, &mut config.appearance.bars),
        show: |config| config.appearance.bars.to_string().into(),
    },
    Key {
        name: "motion",
        kind: Kind::Switch,
        about: "Whether seconds are counted on the screen (to the next try, until a deleted row leaves); false keeps the \
                words still.",
        take: |config, value| put(switch(value), &mut config.appearance.motion),
        show: |config| config.appearance.motion.into(),
    },
    Key {
        name: "mouse",
        kind: Kind::Switch,
        about: "Whether the dashboard takes the mouse; selecting text then needs Shift.",
        take: |config, value| put(switch(value), &mut config.appearance.mouse),
        show: |config| config.appearance.mouse.into(),
    },
    Key {
        name: "plain",
        kind: Kind::Switch,
        about: "For screen readers: words instead of bars and boxes, nothing redrawn by itself.",
        take: |config, value| put(switch(value), &mut config.appearance.plain),
        show: |config| config.appearance.plain.into(),
    },
];
