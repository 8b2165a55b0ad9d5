//! Stand-ins for modules that are merged from other branches.

pub mod server {
    use std::net::SocketAddr;
    use std::path::{Path, PathBuf};

    use url::Url;

    #[derive(Debug, thiserror::Error)]
    #[error("The server is not part of this build.")]
    pub struct ServeError;

    #[derive(Debug, Clone)]
    #[expect(dead_code, reason = "read by the server")]
    pub struct ServeOptions {
        pub listen: SocketAddr,
        pub data_dir: PathBuf,
        pub demo: bool,
        pub classic_api: bool,
        pub insecure_http: bool,
    }

    pub async fn serve(
        _options: ServeOptions,
        shutdown: impl Future<Output = ()>,
        on_ready: impl FnOnce(SocketAddr),
    ) -> Result<(), ServeError> {
        let _ = (shutdown, on_ready);
        std::future::ready(Err(ServeError)).await
    }

    pub mod embedded {
        use super::{Path, ServeError, Url};

        pub struct Embedded {
            pub base_url: Url,
        }

        pub async fn start(_data_dir: &Path) -> Result<Embedded, ServeError> {
            std::future::ready(Err(ServeError)).await
        }

        impl Embedded {
            pub async fn shutdown(self) {
                std::future::ready(()).await;
            }
        }
    }
}

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
