//! Damage in the middle of SQLite's write-ahead log, which SQLite itself takes for the end of it.
//!
//! The log is a header and frames, each with a checksum that depends on all before it; the last frame of a transaction
//! is marked. A program that was cut off leaves an unfinished end, which is no damage. But whatever comes after a
//! finished transaction was only written once that transaction was on the disk. So a frame that does not fit, with a
//! finished transaction at or behind it and another frame behind that, was damaged later: SQLite would quietly drop
//! everything from there on. See <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::tx::StoreError;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The header begins with this, or this and one more where words are big-endian.
const MAGIC: u32 = 0x377f_0682;

/// Refuses a log with damage before its last transaction.
pub(super) fn check(database: &Path) -> Result<(), StoreError> {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    let log = Path::new(&name);
    // Somebody may begin the log anew while it is read.
    let before = header(log);
    if matches!(scan(log), Ok(Verdict::Damaged)) && before == header(log) {
        return Err(StoreError::Corrupt(
            "its write-ahead log is damaged, and what was stored last is in it".to_owned(),
        ));
    }
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Sound,
    Damaged,
}

fn header(log: &Path) -> Option<[u8; HEADER]> {
    let mut bytes = [0; HEADER];
    File::open(log).ok()?.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn scan(log: &Path) -> io::Result<Verdict> {
    let file = File::open(log)?;
    if file.metadata()?.len() <= (HEADER + FRAME_HEADER) as u64 {
        return Ok(Verdict::Sound);
    }
    let mut file = BufReader::new(file);
    let mut head = [0; HEADER];
    file.read_exact(&mut head)?;
    if head == [0; HEADER] {
        return Ok(Verdict::Sound);
    }
    let big = word(&head, 0) == MAGIC | 1;
    let mut sum = checksum(big, (0, 0), &head[..24]);
    if word(&head, 0) & !1 != MAGIC || sum != (word(&head, 24), word(&head, 28)) {
        return Ok(Verdict::Damaged);
    }
    let page = word(&head, 8) as usize;
    let mut frame = vec![0; FRAME_HEADER + page.clamp(512, 65_536)];
    let (mut fits, mut finished) = (true, false);
    loop {
        match file.read_exact(&mut frame) {
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(Verdict::Sound),
            read => read?,
        }
        // Frames of an earlier log end this one.
        let is_of_this_log = frame[8..16] == head[16..24];
        if fits {
            sum = checksum(big, checksum(big, sum, &frame[..8]), &frame[FRAME_HEADER..]);
            fits = is_of_this_log && sum == (word(&frame, 16), word(&frame, 20));
        }
        if fits || !is_of_this_log {
            continue;
        }
        if finished {
            return Ok(Verdict::Damaged);
        }
        finished = word(&frame, 4) != 0;
    }
}

/// The big-endian word at a place of a header.
fn word(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_be_bytes(word)
}

/// The checksum of the format, over a multiple of eight bytes.
fn checksum(big: bool, (mut first, mut second): (u32, u32), bytes: &[u8]) -> (u32, u32) {
    let read = |bytes: &[u8]| {
        let word = word(bytes, 0);
        if big { word } else { word.swap_bytes() }
    };
    for pair in bytes.chunks_exact(8) {
        first = first.wrapping_add(read(&pair[..4])).wrapping_add(second);
        second = second.wrapping_add(read(&pair[4..])).wrapping_add(first);
    }
    (first, second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn damage_is_told_from_an_unfinished_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let conn = Connection::open(&file).unwrap();
        conn.pragma_update(None, "journal_mode", "WAL").unwrap();
        conn.execute("CREATE TABLE t (a TEXT)", []).unwrap();
        for _ in 0..20 {
            conn.execute("INSERT INTO t VALUES (hex(randomblob(50)))", []).unwrap();
        }
        let log = folder.path().join("a.db-wal");
        let sound = std::fs::read(&log).unwrap();
        assert_eq!(check(&file), Ok(()));
        let frame = FRAME_HEADER + 4096;
        let frames = (sound.len() - HEADER) / frame;
        assert!(frames > 20, "{frames}");
        let with = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = sound.clone();
            change(&mut bytes);
            std::fs::write(&log, bytes).unwrap();
            check(&file).is_err()
        };
        let place = |number: usize| HEADER + number * frame;
        assert!(
            with(&|bytes| bytes[3] ^= 1) && with(&|bytes| bytes[20] ^= 1),
            "the header"
        );
        for number in 0..frames - 2 {
            assert!(with(&|bytes| bytes[place(number) + 900] ^= 4), "page {number}");
        }
        // The last transaction may have been cut off while it was written, and so may the file.
        assert!(!with(&|bytes| bytes[place(frames - 1) + 900] ^= 4));
        for length in [0, 31, HEADER, place(3), place(3) + 10, sound.len() - 1] {
            assert!(!with(&|bytes| bytes.truncate(length)), "{length}");
        }
    }
}
