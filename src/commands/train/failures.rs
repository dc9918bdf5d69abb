//! What is said where a run cannot begin, go on or be saved.

use crate::failure::Failure;
use pdec_runtime::run_folder::{CHECKPOINT, CheckpointError, FolderError};
use pdec_runtime::train::TrainError;
use std::io::{self, ErrorKind};
use std::path::Path;

pub(super) fn checkpoint_failure(error: CheckpointError) -> Failure {
    let help = match &error {
        CheckpointError::Read { .. } => "check that it is a file that you may read",
        CheckpointError::Damaged { .. } => {
            "nothing of it was used; put back a copy of the file, or leave out `--resume` to begin anew"
        }
    };
    Failure::usage("unusable-checkpoint", error, help)
}

pub(super) fn cannot_train(target: &Path, error: TrainError) -> Failure {
    match error {
        TrainError::State(error) => Failure::usage(
            "unusable-checkpoint",
            format!(
                "`{}` cannot be used: {error}",
                target.join(CHECKPOINT).display()
            ),
            "nothing of it was used; leave out `--resume` to begin anew",
        ),
        TrainError::Engine(_) | TrainError::Memory { .. } => Failure::machine(
            "cannot-train",
            error,
            "this machine cannot run the compiled program; nothing was saved",
        ),
    }
}

pub(super) fn folder_failure(error: FolderError) -> Failure {
    let help = match &error {
        FolderError::Occupied { .. } => {
            "only a run is replaced by a run; choose another folder with `--out`, or move this one away"
        }
        FolderError::InUse { .. } => {
            "wait until it has ended, or choose another folder with `--out`"
        }
        FolderError::Write { source, .. } if is_full(source) => {
            "make room there; the same command with `--resume` goes on from the last checkpoint"
        }
        FolderError::Write { .. } => "choose a folder that you may write with `--out`",
    };
    Failure::usage("unwritable-output", error, help)
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}
