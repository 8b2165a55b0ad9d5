//! `budget_vs_spending.png`: what was spent in each category beside its budget.

mod canvas;
mod draw;
mod scale;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;
use uuid::Uuid;

use crate::api::{CategorySummary, Summary};
use crate::domain::Currency;

/// Width and height of the picture, in pixels.
pub const SIZE: (u32, u32) = (1600, 900);

/// What the picture shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Stands on top, for example `Budget vs spending, November 2026`.
    pub title: String,
    /// The currency of every amount.
    pub currency: Currency,
    /// The categories in the order in which they are drawn, top down; the first thirty are.
    pub bars: Vec<ChartBar>,
}

/// One category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartBar {
    /// Its name; cut with `…` where it is too long.
    pub category: String,
    /// Spent, minor units; less than zero draws no bar.
    pub spent_minor: i64,
    /// The limit, minor units, if one is set.
    pub limit_minor: Option<i64>,
}

impl Chart {
    /// The month of a summary: every category that is spending and has a limit or was spent on, in display
    /// order, then what waits in no category.
    #[must_use]
    pub fn of(summary: &Summary, currency: Currency) -> Self {
        let shown = |row: &&CategorySummary| {
            row.category.kind.is_spending() && (row.spent_minor != 0 || row.limit_minor.is_some())
        };
        let mut bars: Vec<ChartBar> = summary
            .categories
            .iter()
            .filter(shown)
            .map(|row| ChartBar {
                category: row.category.name.clone(),
                spent_minor: row.spent_minor,
                limit_minor: row.limit_minor,
            })
            .collect();
        if summary.uncategorised.count > 0 {
            bars.push(ChartBar {
                category: "Uncategorised".to_owned(),
                spent_minor: summary.uncategorised.spent_minor,
                limit_minor: None,
            });
        }
        Self {
            title: format!("Budget vs spending, {}", summary.calendar.long_name(summary.month)),
            currency,
            bars,
        }
    }
}

impl ChartBar {
    /// How far the spending is over the limit, minor units; `None` when it is not.
    fn over(&self) -> Option<i64> {
        let over = self.spent_minor.saturating_sub(self.limit_minor?);
        (over > 0).then_some(over)
    }
}

/// Why there is no picture.
#[derive(Debug, Error)]
pub enum ChartError {
    /// The path ends in no file name.
    #[error("\"{0}\" is not a file name. Name a file such as budget_vs_spending.png.")]
    NoFileName(PathBuf),
    /// The folder or the file cannot be written.
    #[error("Cannot write {path}: {source}. Choose a folder that exists and that you may write to.")]
    Write {
        /// The file that was asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The drawing library failed.
    #[error("The chart could not be drawn: {0}. Please report this with the command that you used.")]
    Draw(String),
}

/// Draws the chart into a PNG file of [`SIZE`]. An older file is replaced only when the new one is complete.
///
/// # Errors
/// [`ChartError`], saying what to do.
pub fn write_png(path: &Path, chart: &Chart) -> Result<(), ChartError> {
    let name = path
        .file_name()
        .ok_or_else(|| ChartError::NoFileName(path.to_owned()))?;
    let pixels = draw::render(chart)?;
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.tmp", Uuid::new_v4().simple()));
    let temporary = path.with_file_name(temporary);
    save(&temporary, &pixels)
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(|source| {
            // The first failure is the one to report; there may be nothing to remove.
            let _ = fs::remove_file(&temporary);
            ChartError::Write {
                path: path.to_owned(),
                source,
            }
        })
}

/// Writes RGB pixels as PNG and waits until they are on the disk.
fn save(path: &Path, pixels: &[u8]) -> io::Result<()> {
    let mut file = BufWriter::new(OpenOptions::new().write(true).create_new(true).open(path)?);
    let mut encoder = png::Encoder::new(&mut file, SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Plain areas pack three times better than with the default filter.
    encoder.set_compression(png::Compression::Best);
    encoder.set_filter(png::FilterType::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    file.flush()?;
    File::sync_all(file.get_ref())
}
