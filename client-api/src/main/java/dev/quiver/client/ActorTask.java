package dev.quiver.client;

import dev.quiver.dataframe.Call;
import dev.quiver.dataframe.Fn;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.worker.server.Slot;
import dev.quiver.worker.server.WorkerShell;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A life of an actor: a task that makes the object, calls it for whoever sends a call, and waits
/// without a slot meanwhile.
///
/// Lives of one actor come after each other: a lock, which the session of a lost worker gives back
/// when it ends, keeps them apart, so that nothing of an earlier life is heard of any more.
///
/// @param name of the actor
/// @param type its interface, by name
record ActorTask(String name, String type, Call<?> factory) implements Fn<Long, ActorTask.End> {
    /// Why a life has ended by itself.
    enum End {
        /// There are no more calls.
        CLOSED,
        /// Its worker is to leave: another life goes on from the snapshot.
        LEAVING
    }

    @Override
    public End apply(Long unused) throws Exception {
        if (!(TaskSession.current() instanceof TaskSession(OpenSession session)))
            throw new IllegalStateException("an actor lives in a task");
        Coordination coordination = session.conversation().coordination();
        var snapshots = new ActorSnapshots(coordination, name);
        requireRestorable(snapshots); // or it would wait for nothing
        try (Hold _ = session.lock(name).acquire()) {
            requireRestorable(snapshots);
            Optional<ActorSnapshots.Snapshot> last = snapshots.last();
            var mail = new ActorMail(session, name);
            var object = new ActorObject(type, factory, mail);
            var life = new ActorLife(object, mail, snapshots);
            if (last.isPresent()) {
                life.restore(last.get());
                new ActorNews(coordination, name).tellRestored();
            } else {
                life.begin();
            }
            return live(life, mail, object);
        }
    }

    private void requireRestorable(ActorSnapshots snapshots) {
        if (!snapshots.areNone()) return;
        throw new Unavailable(
                "the worker was lost on which the actor %s lived, and its state with it"
                        .formatted(type),
                List.of("actor: " + name),
                "make another one, and call it as this one was called; one whose class is"
                        + " Restorable goes on elsewhere");
    }

    /// @throws QuiverException CANCELLED when it isn't wanted any more
    private static End live(ActorLife life, ActorMail mail, ActorObject object) throws Exception {
        CompletableFuture<Void> leaving =
                Slot.worker()
                        .map(WorkerShell::leaving)
                        .orElseGet(CompletableFuture::new)
                        .thenRun(() -> object.tellLeaving(mail));
        try {
            return life.live(leaving::isDone);
        } finally {
            leaving.cancel(false);
        }
    }
}
