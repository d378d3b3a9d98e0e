//! Power that goes: what was not synced is there, is not, or is torn.

use std::{
    collections::BTreeMap,
    fmt, fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use mlicense_ledger::{Ledger, Receipt};
use rand::{RngExt, seq::IndexedRandom};
use rand_xorshift::XorShiftRng;
use rusqlite::{Connection, ffi};

use crate::{
    disk::{Call, Disk, Fate, Watch},
    support::{Book, noon, tell},
    work::{Acknowledged, DAY, Finding, chance, command, in_memory, trials},
};

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;
const THREADS: usize = 4;
const COMMANDS: usize = 30;
/// So many moments of one recording; then the next.
const IMAGES_PER_RECORDING: usize = 150;

#[test]
fn what_was_acknowledged_before_the_power_went_is_there_once() {
    let mut chance = chance(3);
    let wanted = trials("IMAGES", 300);
    let mut images = 0;
    while images < wanted {
        let recorder = record(true);
        let count = IMAGES_PER_RECORDING.min(wanted - images);
        for (image, acknowledged) in recorder.images(count, &mut chance) {
            let found = examine(&image, &acknowledged);
            assert_eq!(found, Ok(()), "with {} acknowledged: {image:?}", acknowledged.len());
        }
        images += count;
    }
    tell(&format!("power: gone {images} times"));
}

#[test]
fn a_disk_that_does_not_sync_loses_what_was_acknowledged() {
    let mut chance = chance(4);
    let recorder = record(false);
    let found: Vec<Finding> = recorder
        .images(IMAGES_PER_RECORDING, &mut chance)
        .filter_map(|(image, acknowledged)| examine(&image, &acknowledged).err())
        .collect();
    let lost = found.iter().filter(|found| matches!(found, Finding::Lost(_))).count();
    tell(&format!(
        "power: without syncing, gone {IMAGES_PER_RECORDING} times, {} ledgers damaged, of which \
         {lost} can be read and lack something",
        found.len()
    ));
    assert!(lost > 0 && found.len() > IMAGES_PER_RECORDING / 2, "{found:?}");
}

#[test]
fn what_was_acknowledged_after_two_syncs_had_failed_is_there_though_what_they_held_is_not() {
    let found = after_two_failed_syncs(false);
    assert_eq!(found, [], "of 300");
}

/// Its log shows what a failed sync has left out of the disk for good.
#[test]
fn a_ledger_opened_again_after_two_syncs_had_failed_loses_what_was_acknowledged() {
    let found = after_two_failed_syncs(true);
    tell(&format!("power: {} ledgers that were opened again lack something", found.len()));
    assert!(found.iter().any(|found| matches!(found, Finding::Lost(_))), "{found:?}");
}

/// What is found when the power goes after every two syncs in turn have failed.
fn after_two_failed_syncs(opens_again: bool) -> Vec<Finding> {
    let mut chance = chance(5);
    let mut found = Vec::new();
    for first in 0..COMMANDS {
        let images = record_failing(first, opens_again).images(10, &mut chance);
        found.extend(images.filter_map(|(image, done)| examine(&image, &done).err()));
    }
    found
}

/// Records what is asked of a disk that fails two syncs and forgets what they were for, as Linux
/// does, while somebody gives each command again until it is acknowledged. Two, since SQLite syncs
/// the log once more when it is closed.
fn record_failing(first: usize, opens_again: bool) -> Recorder {
    let place = in_memory();
    let recorder = Arc::new(Recorder::new(true));
    let watch = Watch::over(place.path().unwrap().parent().unwrap(), recorder.clone());
    drop(Book::with_cameras(&place));
    // Nobody else has the file open.
    let mut ledger = Some(place.open().unwrap());
    recorder.log.lock().unwrap().push(Entry::Made);
    recorder.failing.store(first + 2, Ordering::SeqCst);
    for number in 0..COMMANDS {
        let command = command("a", number);
        let receipt = (0..9).find_map(|_| {
            let done = ledger.as_ref().unwrap().execute(&command, noon(DAY));
            if done.is_err() && opens_again {
                drop(ledger.take());
                ledger = Some(place.open().unwrap());
            }
            done.ok()
        });
        let done = Entry::Acknowledged(command.id.to_string(), receipt.unwrap());
        recorder.log.lock().unwrap().push(done);
    }
    drop(ledger);
    drop((watch, place));
    assert_eq!(recorder.failing.load(Ordering::SeqCst), 0, "it has failed");
    Arc::into_inner(recorder).unwrap()
}

/// Records what is asked of the disk while a ledger is made and used.
fn record(syncs: bool) -> Recorder {
    let place = in_memory();
    let path = place.path().unwrap();
    let recorder = Arc::new(Recorder::new(syncs));
    let watch = Watch::over(path.parent().unwrap(), recorder.clone());
    let book = Book::with_cameras(&place);
    recorder.log.lock().unwrap().push(Entry::Made);
    use_for_a_while(&recorder, "a", &book.ledger);
    // Closed by the last who has it, the log goes, and comes again.
    drop(book);
    use_for_a_while(&recorder, "b", &place.open().unwrap());
    drop(watch);
    drop(place);
    Arc::into_inner(recorder).unwrap()
}

/// Gives commands from several threads and from another program, so to say, while the log is
/// brought into the file now and then.
fn use_for_a_while(recorder: &Recorder, part: &str, ledger: &Ledger) {
    let path = ledger.path().unwrap();
    let other = Ledger::open(path).unwrap();
    let run = |thread: usize| {
        let ledger = if thread == 0 { &other } else { ledger };
        let collector = Connection::open(path).unwrap();
        for number in 0..COMMANDS {
            let command = command(&format!("{part}-t{thread}"), number);
            let receipt = ledger.execute(&command, noon(DAY)).unwrap();
            let done = Entry::Acknowledged(command.id.to_string(), receipt);
            recorder.log.lock().unwrap().push(done);
            let how = ["PASSIVE", "FULL", "RESTART", "TRUNCATE"][number / 7 % 4];
            if (number + thread).is_multiple_of(7) {
                // It may be turned away: somebody writes.
                let _ =
                    collector.query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |_| Ok(()));
            }
        }
    };
    let run = &run;
    thread::scope(|scope| (0..THREADS).for_each(|thread| drop(scope.spawn(move || run(thread)))));
}

/// A disk that writes down what it is asked.
struct Recorder {
    /// Whether it does what it says.
    syncs: bool,
    /// So many syncs to come, of which the last two fail.
    failing: AtomicUsize,
    log: Mutex<Vec<Entry>>,
}

enum Entry {
    Asked(String, Change),
    /// The ledger has been made: from here on it has to be found.
    Made,
    Acknowledged(String, Receipt),
}

#[derive(Clone)]
enum Change {
    Opened,
    Written(usize, Vec<u8>),
    Cut(usize),
    Synced,
    /// Not synced, and taken for it from then on.
    Forgotten,
    Deleted {
        synced: bool,
    },
}

impl Disk for Recorder {
    fn asked(&self, file: &str, call: Call<'_>) -> Fate {
        let change = match call {
            Call::Open => Change::Opened,
            Call::Write { at, bytes } => Change::Written(at.try_into().unwrap(), bytes.to_vec()),
            Call::Truncate { size } => Change::Cut(size.try_into().unwrap()),
            Call::Sync => Change::Synced,
            Call::Delete { synced } => Change::Deleted { synced },
            Call::Read | Call::Size | Call::Share => return Fate::Done,
        };
        let is_sync = matches!(change, Change::Synced);
        if is_sync {
            let failing = self.failing.load(Ordering::SeqCst);
            self.failing.store(failing.saturating_sub(1), Ordering::SeqCst);
            if matches!(failing, 1 | 2) {
                self.log.lock().unwrap().push(Entry::Asked(file.to_owned(), Change::Forgotten));
                return Fate::Fails(ffi::SQLITE_IOERR_FSYNC);
            }
        }
        if !is_sync || self.syncs {
            self.log.lock().unwrap().push(Entry::Asked(file.to_owned(), change));
        }
        // What is on the disk of this machine does not matter, only what is written down.
        if is_sync { Fate::Pretended } else { Fate::Done }
    }
}

impl Recorder {
    fn new(syncs: bool) -> Self {
        Self { syncs, failing: AtomicUsize::new(0), log: Mutex::default() }
    }

    /// What may be on the disk when the power goes at random moments, and what was acknowledged.
    fn images(
        self,
        count: usize,
        chance: &mut XorShiftRng,
    ) -> impl Iterator<Item = (Image, Acknowledged)> {
        let log = self.log.into_inner().unwrap();
        let made = log.iter().position(|entry| matches!(entry, Entry::Made)).unwrap();
        let mut cuts: Vec<usize> =
            (0..count).map(|_| chance.random_range(made + 1..=log.len())).collect();
        cuts.sort_unstable();
        let (mut platter, mut acknowledged) = (Platter::default(), Acknowledged::default());
        let mut log = log.into_iter();
        let mut passed = 0;
        cuts.into_iter().map(move |cut| {
            for entry in log.by_ref().take(cut - passed) {
                match entry {
                    Entry::Asked(file, change) => platter.take(&file, change),
                    Entry::Acknowledged(id, receipt) => acknowledged.note(&id, Some(receipt)),
                    Entry::Made => {}
                }
            }
            passed = cut;
            (platter.image(chance), acknowledged.clone())
        })
    }
}

/// Files by name, when the power is gone.
struct Image(BTreeMap<String, Vec<u8>>);

impl fmt::Debug for Image {
    /// Names and lengths.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_map().entries(self.0.iter().map(|(name, bytes)| (name, bytes.len()))).finish()
    }
}

/// What is on the disk for sure, and what is on its way there.
#[derive(Default)]
struct Platter {
    files: Vec<File>,
    /// What stands under a name for sure.
    folder: BTreeMap<String, usize>,
    /// How that changes; a folder is written in order.
    renamed: Vec<(String, Option<usize>)>,
}

#[derive(Default)]
struct File {
    sure: Vec<u8>,
    /// Written or cut and not synced: each of it may be there or not, whatever comes later.
    unsure: Vec<Change>,
}

impl Platter {
    fn take(&mut self, name: &str, change: Change) {
        match change {
            Change::Opened => {
                if self.current(name).is_none() {
                    self.renamed.push((name.to_owned(), Some(self.files.len())));
                    self.files.push(File::default());
                }
            }
            Change::Written(..) | Change::Cut(_) => {
                let file = self.current(name).unwrap();
                self.files[file].unsure.push(change);
            }
            Change::Synced => {
                let file = self.current(name).unwrap();
                let File { sure, unsure } = &mut self.files[file];
                unsure.drain(..).for_each(|change| apply(sure, &change));
                // SQLite syncs the folder with the first sync of a log it has made.
                if self.folder.get(name) != Some(&file) {
                    self.sync_folder();
                }
            }
            Change::Forgotten => {
                let file = self.current(name).unwrap();
                self.files[file].unsure.clear();
            }
            Change::Deleted { synced } => {
                self.renamed.push((name.to_owned(), None));
                if synced {
                    self.sync_folder();
                }
            }
        }
    }

    /// What a program that is running sees under a name.
    fn current(&self, name: &str) -> Option<usize> {
        let renamed = self.renamed.iter().rev().find(|(renamed, _)| renamed == name);
        renamed.map_or_else(|| self.folder.get(name).copied(), |(_, file)| *file)
    }

    fn sync_folder(&mut self) {
        for (name, file) in self.renamed.drain(..) {
            point(&mut self.folder, name, file);
        }
    }

    fn image(&self, chance: &mut XorShiftRng) -> Image {
        let mut folder = self.folder.clone();
        let written = chance.random_range(0..=self.renamed.len());
        for (name, file) in &self.renamed[..written] {
            point(&mut folder, name.clone(), *file);
        }
        let files = folder.into_iter();
        let mut files: BTreeMap<String, Vec<u8>> =
            files.map(|(name, file)| (name, self.files[file].torn(chance))).collect();
        // Nothing is said about the memory that programs share; what is left of it is rubbish.
        if chance.random() {
            let rubbish = (0..32768).map(|_| chance.random()).collect();
            files.insert("vendor.mlicense-shm".to_owned(), rubbish);
        }
        Image(files)
    }
}

fn point(folder: &mut BTreeMap<String, usize>, name: String, file: Option<usize>) {
    match file {
        Some(file) => drop(folder.insert(name, file)),
        None => drop(folder.remove(&name)),
    }
}

impl File {
    /// What is there when the power goes. The disk is of a mind: all, nothing, or some of it.
    fn torn(&self, chance: &mut XorShiftRng) -> Vec<u8> {
        let mut bytes = self.sure.clone();
        let likely = *[0.0, 0.1, 0.5, 0.9, 1.0].choose(chance).unwrap();
        for change in &self.unsure {
            match change {
                Change::Written(at, written) => {
                    for (at, sector) in sectors(*at, written) {
                        if chance.random_bool(likely) {
                            apply(&mut bytes, &Change::Written(at, sector.to_vec()));
                        }
                    }
                }
                change => {
                    if chance.random_bool(likely) {
                        apply(&mut bytes, change);
                    }
                }
            }
        }
        bytes
    }
}

/// What is written, cut where sectors end.
fn sectors(at: usize, bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let mut pieces = Vec::new();
    let (mut at, mut rest) = (at, bytes);
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(rest.len().min(SECTOR - at % SECTOR));
        pieces.push((at, piece));
        (at, rest) = (at + piece.len(), behind);
    }
    pieces
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Written(at, written) => {
            let end = at + written.len();
            bytes.resize(bytes.len().max(end), 0);
            bytes[*at..end].copy_from_slice(written);
        }
        // A cut that comes late makes nothing longer.
        Change::Cut(size) => bytes.truncate(*size),
        Change::Opened | Change::Synced | Change::Forgotten | Change::Deleted { .. } => {}
    }
}

/// Opens what was left, and looks whether everything is there.
fn examine(image: &Image, acknowledged: &Acknowledged) -> Result<(), Finding> {
    let place = in_memory();
    let path = place.path().unwrap();
    for (name, bytes) in &image.0 {
        fs::write(path.with_file_name(name), bytes).unwrap();
    }
    let ledger = place.open().map_err(|error| Finding::Broken(error.to_string()))?;
    acknowledged.examine(&ledger)?;
    // It goes on from there.
    let more = ledger.execute(&command("later", 0), noon(DAY));
    more.map_err(|error| Finding::Broken(error.to_string())).map(drop)
}
