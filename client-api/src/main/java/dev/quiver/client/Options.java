package dev.quiver.client;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.worker.store.SpillRoom;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// How a local session is set up. Immutable: each method gives another one.
///
/// ```java
/// var q = Quiver.local(Options.defaults().slots(4).memory("8GB").strict());
/// ```
public final class Options {
    private static final int SLOTS_MAX = 1024;
    private static final long MEMORY_BYTES_MIN = 1 << 20;
    private static final String QUIET = "quiver.quiet";

    /// What no code has set: `slots` and `memoryBytes` of 0, `progress` of null.
    private static final Options DEFAULTS = new Options(0, 0, false, null, true, Map.of());

    private final int slots;
    private final long memoryBytes;
    private final boolean strict;
    private final @Nullable Boolean progress;
    private final boolean stealing;

    /// Settings of other parts that code has said, by their names.
    private final Map<String, String> said;

    private Options(
            int slots,
            long memoryBytes,
            boolean strict,
            @Nullable Boolean progress,
            boolean stealing,
            Map<String, String> said) {
        this.slots = slots;
        this.memoryBytes = memoryBytes;
        this.strict = strict;
        this.progress = progress;
        this.stealing = stealing;
        this.said = Map.copyOf(said);
    }

    /// What the settings say (`quiver.yaml` of the working directory, variables `QUIVER_…`);
    /// without any, a slot for each processor, the memory budget that all sessions of the process
    /// share, and progress shown for runs that take long. Each method below wins over a setting.
    public static Options defaults() {
        return DEFAULTS;
    }

    /// How many tasks run at a time.
    public Options slots(int count) {
        if (count < 1 || count > SLOTS_MAX)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "slots(%d)".formatted(count),
                    List.of(),
                    "give a number from 1 to %d".formatted(SLOTS_MAX));
        return new Options(count, memoryBytes, strict, progress, stealing, said);
    }

    /// How much counted memory (chunks, hash tables, buffers) the session may use, such as `"8GB"`:
    /// a budget of its own, taken out of the process's (70 % of the machine or container) while the
    /// session is open. All sessions together never count more than the process's budget.
    ///
    /// Opening the session throws `MEMORY_REFUSED` when so much isn't left.
    public Options memory(String size) {
        long bytes = ByteSize.parse(size);
        if (bytes < MEMORY_BYTES_MIN)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "memory(\"%s\")".formatted(size),
                    List.of(),
                    "give at least " + ByteSize.text(MEMORY_BYTES_MIN));
        return new Options(slots, bytes, strict, progress, stealing, said);
    }

    /// Where the session puts what there is no memory for, such as outputs of running queries and
    /// persisted frames: in a directory of its own in this one, which is made when it is needed.
    /// Without this it is a directory for temporary files.
    public Options spill(Path directory) {
        return with(Settings.Key.SPILL_DIRECTORY, directory.toAbsolutePath().toString());
    }

    /// Sends closures, their results and what they capture through serialisation, as a cluster
    /// does: what can't travel is an error at the call, and changes to captured objects aren't seen
    /// by tasks.
    public Options strict() {
        return new Options(slots, memoryBytes, true, progress, stealing, said);
    }

    /// Shows neither progress nor hints.
    public Options quiet() {
        return new Options(slots, memoryBytes, strict, false, stealing, said);
    }

    /// Shows progress or doesn't.
    public Options progress(boolean shown) {
        return new Options(slots, memoryBytes, strict, shown, stealing, said);
    }

    /// Connects to clusters by TLS and believes what this authority has signed.
    ///
    /// @param ca its certificate as PEM: `ca.pem`, as `quiver certs` makes it
    public Options tls(Path ca) {
        return with(Settings.Key.CLUSTER_TLS_CA, ca.toString());
    }

    /// Proves to clusters by a certificate who connects; beside or instead of a token.
    ///
    /// @param certificate as PEM
    /// @param key its private key as PEM, which only its owner may read
    public Options certificate(Path certificate, Path key) {
        return with(Settings.Key.CLUSTER_TLS_CERTIFICATE, certificate.toString())
                .with(Settings.Key.CLUSTER_TLS_KEY, key.toString());
    }

    /// Proves to clusters by a token who connects. It is sent by TLS alone.
    public Options token(String token) {
        return with(Settings.Key.CLUSTER_TOKEN, token);
    }

    /// How long a cluster waits for the session when it can't be reached, from a second to a day;
    /// without this a minute. Then it counts as gone: its tasks are cancelled, and what it held,
    /// such as locks, goes to others.
    public Options lease(Duration lease) {
        if (lease.toSeconds() < 1 || lease.toDays() > 1)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "lease(%s)".formatted(lease),
                    List.of(),
                    "give from a second to a day");
        return with(Settings.Key.CLUSTER_LEASE, Long.toString(lease.toSeconds()));
    }

    /// The session's weight on a cluster, from 1, which sessions have without this, to 1000. While
    /// several sessions have tasks waiting, they have slots for times in proportion to their
    /// weights, however many tasks each has.
    public Options share(int weight) {
        if (weight < 1 || weight > ClientMessage.ShareWanted.WEIGHT_MAX)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "share(%d)".formatted(weight),
                    List.of(),
                    "give a number from 1 to " + ClientMessage.ShareWanted.WEIGHT_MAX);
        return with(Settings.Key.CLUSTER_SHARE, Integer.toString(weight));
    }

    /// Runs stragglers a second time on a cluster: a task of a query, or a
    /// [pure][TaskOptions#pure()] one, that takes three times as long as others of its kind, and
    /// two seconds at least, is given to another worker, too, when that has nothing else to do. The
    /// first to end counts. Results are the same; without this nothing runs twice.
    public Options speculate() {
        return with(Settings.Key.CLUSTER_SPECULATION, Boolean.toString(true));
    }

    /// Whether what the session's tasks print on a cluster is shown here, each line with the name
    /// of its worker; without this it is.
    public Options prints(boolean shown) {
        return with(Settings.Key.CLUSTER_PRINTS, Boolean.toString(shown));
    }

    private Options with(Settings.Key key, String value) {
        var more = new LinkedHashMap<>(said);
        more.put(key.text(), value);
        return new Options(slots, memoryBytes, strict, progress, stealing, more);
    }

    /// Settings about clusters and spilling, where code has said nothing else.
    Settings cluster(Settings settings) {
        return settings.with(said, "options in code");
    }

    /// Whether an idle worker takes over what another was assigned. Results are the same.
    Options stealing(boolean on) {
        return new Options(slots, memoryBytes, strict, progress, on, said);
    }

    /// These options, with settings where code has said nothing.
    ///
    /// @throws QuiverException (CONFIG_INVALID) when a setting's value can't be used
    Options over(Settings settings) {
        Options result = this;
        Settings.Setting count = settings.setting(Settings.Key.SLOTS);
        if (slots == 0 && !isAuto(count))
            result =
                    set(
                            result,
                            count,
                            "a whole number from 1 to %d, or auto".formatted(SLOTS_MAX),
                            (options, value) -> options.slots(Integer.parseInt(value)));
        Settings.Setting size = settings.setting(Settings.Key.MEMORY);
        if (memoryBytes == 0 && !isAuto(size))
            result = set(result, size, "a size such as 512MB or 8GB, or auto", Options::memory);
        Settings.Setting shown = settings.setting(Settings.Key.PROGRESS);
        Settings all = cluster(settings);
        var _ = SpillRoom.of(all); // says now what can't be used
        for (Settings.Key key :
                List.of(
                        Settings.Key.SPILL_DIRECTORY,
                        Settings.Key.SPILL_LIMIT,
                        Settings.Key.SPILL_COMPRESSION,
                        Settings.Key.DASHBOARD,
                        Settings.Key.HISTORY,
                        Settings.Key.HISTORY_DIRECTORY,
                        Settings.Key.HISTORY_DAYS,
                        Settings.Key.HISTORY_LIMIT)) result = result.with(key, all.value(key));
        var _ = HistorySettings.of(all);
        Settings.Setting seen = settings.setting(Settings.Key.DASHBOARD);
        if (!isAuto(seen) && !seen.value().equals("never")) throw seen.invalid("auto or never");
        boolean isNever = shown.value().equals("never");
        if (!isNever && !isAuto(shown)) throw shown.invalid("auto or never");
        return progress == null && isNever ? result.quiet() : result;
    }

    private static boolean isAuto(Settings.Setting setting) {
        return setting.value().equals("auto");
    }

    private static Options set(
            Options options,
            Settings.Setting setting,
            String wanted,
            BiFunction<Options, String, Options> method) {
        try {
            return method.apply(options, setting.value().strip());
        } catch (NumberFormatException | QuiverException e) {
            throw setting.invalid(wanted, e);
        }
    }

    int slots() {
        return slots == 0 ? Runtime.getRuntime().availableProcessors() : slots;
    }

    /// Empty when the session shares the process's budget.
    Optional<Long> memoryBytes() {
        return memoryBytes == 0 ? Optional.empty() : Optional.of(memoryBytes);
    }

    /// Where there is room for what there is no memory for; after [#over].
    SpillRoom spillRoom() {
        return SpillRoom.of(cluster(Settings.defaults()));
    }

    /// Whether runs on a terminal tell where the dashboard is.
    boolean isShown() {
        return !cluster(Settings.defaults()).value(Settings.Key.DASHBOARD).equals("never");
    }

    /// Whether what the session did is kept, and where; after [#over].
    HistorySettings history() {
        return HistorySettings.of(cluster(Settings.defaults()));
    }

    boolean isStrict() {
        return strict;
    }

    /// Whether neither progress nor hints are shown. Who starts a program by `quiver --quiet run`
    /// has the last word.
    boolean isQuiet() {
        return Boolean.FALSE.equals(progress) || Boolean.getBoolean(QUIET);
    }

    boolean isStealing() {
        return stealing;
    }
}
