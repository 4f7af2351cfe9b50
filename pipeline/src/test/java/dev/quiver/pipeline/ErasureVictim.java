package dev.quiver.pipeline;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import java.io.IOException;
import java.nio.file.Path;

/// A process that deletes keys and is killed at some step of it.
final class ErasureVictim {
    private ErasureVictim() {}

    /// People 3, 5 and 7 go, from their rows and from what a gate turned away.
    static Erasure erasure(Path directory) {
        return Erasure.from(directory.resolve("people").toString())
                .keys("person", "u3", "u5", "u7")
                .quarantine(directory.resolve("bad").toString())
                .audit(directory.resolve("audit.jsonl").toString());
    }

    /// Runs it in a process of its own.
    ///
    /// @param kill the step at which it is killed
    static Process start(Path directory, long kill) throws IOException {
        return Victim.start(ErasureVictim.class, directory, directory.toString(), "" + kill);
    }

    public static void main(String[] arguments) {
        var fate = new Victim.Fate(Long.parseLong(arguments[1]), -1, 0);
        try (var q = Quiver.local(Options.defaults().slots(2).quiet())) {
            erasure(Path.of(arguments[0])).in(Victim.with(new TroubledDisk(fate))).run(q);
        }
    }
}
