package dev.quiver.benchmarks;

import dev.quiver.benchmarks.Measurements.Answer;
import dev.quiver.benchmarks.Measurements.Run;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Quiver and its peers asked the same questions in turns, so that a machine whose speed drifts
/// slows all of them; every answer is compared before a time counts.
final class Contest implements AutoCloseable {
    static final String QUIVER = "quiver";

    /// Asks Quiver: returns what was answered and how many milliseconds it took.
    interface Question {
        Timed ask();
    }

    /// What is told of a question beside its time.
    enum Figure {
        /// The size of the file that was made.
        FILE("MB", "bytes", "MB", 1e-6),
        /// Processor time of all processes of an engine.
        CPU("CPU", "cpu_ms", "ms", 1),
        /// The most memory that one worker had in use.
        PEAK("peak MB", "peak_mb", "MB", 1);

        private final String words;
        private final String key;
        private final String unit;
        private final double factor;

        /// @param words behind the question's name
        /// @param key in the answers of peers
        /// @param factor from the peers' unit
        Figure(String words, String key, String unit, double factor) {
            this.words = words;
            this.key = key;
            this.unit = unit;
            this.factor = factor;
        }

        private String of(String question) {
            return question + " " + words;
        }
    }

    /// An answer, its time, and what else is told of it.
    record Timed(Answer answer, double millis, Map<Figure, Double> figures) {
        Timed {
            figures = Map.copyOf(figures);
        }

        Timed(Answer answer, double millis) {
            this(answer, millis, Map.of());
        }
    }

    private final BenchOptions options;
    private final List<Peer> peers = new ArrayList<>();
    private final Measurements measurements;
    private final String title;

    Contest(String title, String benchmark, BenchOptions options) {
        this(title, benchmark, "frames.py", options);
    }

    /// @param script of the peers
    Contest(String title, String benchmark, String script, BenchOptions options) {
        this.title = title;
        this.options = options;
        this.measurements = new Measurements(benchmark);
        for (String engine : options.against())
            peers.add(Peer.start(script, engine, options.slots()));
    }

    /// Tells every peer to load a file.
    void load(String format, String path) {
        for (Peer peer : peers) peer.ask("load %s %s".formatted(format, path));
    }

    /// Asks every engine every question that it knows, `rounds` times.
    ///
    /// @throws QuiverException when two answers differ
    void run(Map<String, Question> questions) {
        for (int round = 0; round < options.rounds(); round++) {
            for (var entry : questions.entrySet()) {
                String question = entry.getKey();
                Timed ours = entry.getValue().ask();
                add(question, QUIVER, Versions.QUIVER, round, ours);
                for (Peer peer : peers) {
                    Map<String, String> figures = peer.ask("run " + question);
                    if (figures.containsKey("unknown")) continue;
                    Timed theirs = timed(figures);
                    if (!ours.answer.agreesWith(theirs.answer))
                        throw disagreement(question, peer, ours.answer, theirs.answer);
                    add(question, peer.name(), peer.version(), round, theirs);
                }
            }
        }
        options.out().ifPresent(measurements::write);
        print(List.copyOf(questions.keySet()));
    }

    private void add(String question, String engine, String version, int round, Timed timed) {
        measurements.add(new Run(question, engine, version, round, timed.millis, "ms"));
        for (Figure figure : Figure.values()) {
            Double value = timed.figures.get(figure);
            if (value == null) continue;
            measurements.add(
                    new Run(figure.of(question), engine, version, round, value, figure.unit));
        }
    }

    private static Timed timed(Map<String, String> answers) {
        var sums = new LinkedHashMap<String, Double>();
        answers.forEach((key, value) -> {
            if (key.startsWith("sum_"))
                sums.put(key.substring("sum_".length()), Double.valueOf(value));
        });
        var figures = new EnumMap<Figure, Double>(Figure.class);
        for (Figure figure : Figure.values()) {
            String value = answers.get(figure.key);
            if (value != null) figures.put(figure, Double.parseDouble(value) * figure.factor);
        }
        return new Timed(
                new Answer(Long.parseLong(answers.getOrDefault("rows", "-1")), sums),
                Double.parseDouble(answers.getOrDefault("ms", "NaN")),
                figures);
    }

    private static QuiverException disagreement(
            String question, Peer peer, Answer ours, Answer theirs) {
        return new QuiverException(
                ErrorCode.INTERNAL,
                "%s: quiver and %s answer differently".formatted(question, peer.name()),
                List.of("quiver: " + ours, peer.name() + ": " + theirs),
                "one of them is wrong: find out which before looking at any time");
    }

    private void print(List<String> questions) {
        System.out.printf("%n%s%n", title);
        System.out.printf(
                "median of %d rounds after %d warm-ups, milliseconds, %d threads, in turns%n%n",
                options.rounds() - options.warmUps(), options.warmUps(), options.slots());
        System.out.printf("%-22s %10s", "question", QUIVER);
        for (Peer peer : peers) System.out.printf(" %10s", peer.name());
        System.out.println(peers.isEmpty() ? "" : "   quiver / best peer");
        for (String question : questions) {
            printRow(question);
            for (Figure figure : Figure.values()) {
                String told = figure.of(question);
                if (!Double.isNaN(median(told))) printRow(told);
            }
        }
    }

    /// Of Quiver's runs that count.
    double median(String question) {
        return measurements.median(question, QUIVER, options.warmUps());
    }

    private void printRow(String question) {
        double ours = median(question);
        System.out.printf("%-22s %10.2f", question, ours);
        double best = Double.NaN;
        for (Peer peer : peers) {
            double theirs = measurements.median(question, peer.name(), options.warmUps());
            if (Double.isNaN(theirs)) {
                System.out.printf(" %10s", "");
                continue;
            }
            System.out.printf(" %10.2f", theirs);
            if (Double.isNaN(best) || theirs < best) best = theirs;
        }
        System.out.println(Double.isNaN(best) ? "" : "   %.2f".formatted(ours / best));
    }

    @Override
    public void close() {
        for (Peer peer : peers) peer.close();
    }
}
