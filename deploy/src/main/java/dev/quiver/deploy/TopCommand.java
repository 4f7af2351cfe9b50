package dev.quiver.deploy;

import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `quiver top`: what the dashboard shows live, in a terminal.
@Command(
        name = "top",
        description = {
            "Show in the terminal what a session or a cluster does: stages, workers, failures.",
            "q quits, left and right go to other sessions, up and down through the stages. Into a"
                    + " pipe or a file it prints once."
        })
final class TopCommand implements Callable<Integer> {
    private static final long PAUSE_MILLIS = 500;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private QuiverCommand quiver;

    @Parameters(
            paramLabel = "ADDRESS",
            arity = "0..1",
            description =
                    "The dashboard's, such as http://127.0.0.1:8787/, or a scheduler's, such as"
                            + " quiver://host:8786 (default: that of the setting cluster.address,"
                            + " else the first dashboard on this machine).")
    private @Nullable String address;

    @Option(names = "--once", description = "Print what is there now, and end.")
    private boolean once;

    @Override
    public Integer call() throws InterruptedException {
        quiver.loadSettings();
        try (TopSource source = address == null ? TopSource.find() : TopSource.at(address)) {
            boolean isTerminal = TopTerminal.isThere();
            if (once || !isTerminal) print(source, TopInk.of(System.getenv(), isTerminal));
            else follow(source, TopInk.of(System.getenv(), true));
        }
        return 0;
    }

    private static void print(TopSource source, TopInk ink) throws InterruptedException {
        var follower = new Follower(source, ink);
        follower.look();
        Thread.sleep(PAUSE_MILLIS); // a pace needs two looks
        follower.look();
        if (!follower.trouble.isEmpty())
            throw new Unavailable(
                    follower.trouble,
                    List.of(),
                    "see that the program or the scheduler runs, and give the address that it"
                            + " printed");
        int columns = Integer.getInteger("quiver.columns", TopScreen.COLUMNS_MIN);
        follower.lines(columns, 0).forEach(System.out::println);
    }

    private static void follow(TopSource source, TopInk ink) throws InterruptedException {
        var follower = new Follower(source, ink);
        try (TopTerminal terminal = TopTerminal.open()) {
            Signals.onStop(() -> terminal.press(TopTerminal.Key.QUIT));
            while (true) {
                follower.look();
                long until = System.nanoTime() + PAUSE_MILLIS * 1_000_000;
                TopTerminal.Size size = TopTerminal.size();
                do {
                    terminal.draw(follower.lines(size.columns(), size.rows()), size.rows());
                    long millis = Math.max(1, (until - System.nanoTime()) / 1_000_000);
                    Optional<TopTerminal.Key> key = terminal.key(millis);
                    if (key.isPresent() && key.get() == TopTerminal.Key.QUIT) return;
                    key.ifPresent(follower::go);
                } while (System.nanoTime() < until);
            }
        }
    }

    /// Which board is looked at, and what was seen last.
    private static final class Follower {
        private final TopSource source;
        private final TopInk ink;
        private final TopPace pace = new TopPace();
        private Map<Integer, String> boards = Map.of();
        private @Nullable TopBoard board;
        private int chosen = -1;
        private int scrolled;
        private String trouble = "";

        Follower(TopSource source, TopInk ink) {
            this.source = source;
            this.ink = ink;
        }

        /// Looks anew. What was seen last stays when nobody answers.
        void look() {
            try {
                boards = source.boards();
                if (!boards.containsKey(chosen) && !boards.isEmpty())
                    chosen = boards.keySet().iterator().next();
                Optional<TopBoard> now = source.board(chosen);
                now.ifPresent(pace::hear);
                if (now.isPresent()) board = now.get();
                trouble = boards.isEmpty() && board != null ? "it has ended" : "";
            } catch (IOException e) {
                String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                trouble = "no answer from %s, asked again: %s".formatted(source.address(), why);
            }
        }

        void go(TopTerminal.Key key) {
            switch (key) {
                case UP -> scrolled = Math.max(0, scrolled - 1);
                case DOWN -> scrolled = Math.min(scrolled + 1, lastStage());
                case LEFT -> choose(-1);
                case RIGHT -> choose(1);
                case QUIT, OTHER -> {}
            }
        }

        private int lastStage() {
            TopBoard seen = board;
            return seen == null ? 0 : Math.max(0, seen.stages().size() - 1);
        }

        private void choose(int step) {
            if (boards.size() < 2) return;
            List<Integer> ids = new ArrayList<>(boards.keySet());
            chosen = ids.get(Math.floorMod(ids.indexOf(chosen) + step, ids.size()));
            scrolled = 0;
            look();
        }

        List<String> lines(int columns, int rows) {
            TopBoard seen = board;
            if (seen == null) {
                String what = trouble.isEmpty() ? "nothing runs there yet" : trouble;
                return List.of("quiver top  " + source.address(), "", what);
            }
            List<Integer> ids = new ArrayList<>(boards.keySet());
            String place =
                    ids.size() < 2
                            ? ""
                            : " (%d of %d)".formatted(ids.indexOf(seen.id()) + 1, ids.size());
            var heading = new TopScreen.Heading(source.address().toString(), place, trouble);
            return new TopScreen(ink, columns, rows).lines(seen, pace, heading, scrolled);
        }
    }
}
