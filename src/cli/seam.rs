//! Stand-ins for modules that are merged from other branches.

pub use crate::server;

pub mod chart {
    use std::path::Path;

    use crate::domain::Currency;

    #[derive(Debug, thiserror::Error)]
    #[error("Charts are not part of this build.")]
    pub struct ChartError;

    #[derive(Debug)]
    #[expect(dead_code, reason = "read by the chart")]
    pub struct Chart {
        pub title: String,
        pub currency: Currency,
        pub bars: Vec<ChartBar>,
    }

    #[derive(Debug)]
    #[expect(dead_code, reason = "read by the chart")]
    pub struct ChartBar {
        pub category: String,
        pub spent_minor: i64,
        pub limit_minor: Option<i64>,
    }

    pub fn write_png(_path: &Path, _chart: &Chart) -> Result<(), ChartError> {
        Err(ChartError)
    }
}

pub mod tui {
    use crate::config::Settings;

    #[derive(Debug, thiserror::Error)]
    #[error("The dashboard is not part of this build.")]
    pub struct TuiError;

    pub async fn run(_settings: Settings) -> Result<(), TuiError> {
        std::future::ready(Err(TuiError)).await
    }
}
