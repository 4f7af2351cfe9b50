package dev.quiver.dataframe;

import dev.quiver.dataframe.Clause.NamedClause;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.GateLimits;
import dev.quiver.schema.DataType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What rows must fulfil to be let in, and what becomes of those that don't.
///
/// ```java
/// Gate gate =
///         Gate.rules()
///                 .notNull("dep_time").named("departed")
///                 .range("distance", 1, 6000)
///                 .oneOf("origin", "EWR", "JFK", "LGA")
///                 .quarantine("out/bad/")
///                 .atMostShare(0.05);
/// flights.gate(gate).write().parquet("out/flights/");
/// ```
///
/// A rule about a column lets nulls pass; [#notNull] is a rule of its own. A bad row is counted
/// once, under the first rule that it breaks: rules about values in the order they were said, then
/// functions of yours, then [#unique]. Without [#quarantine] the first bad row stops the query with
/// [dev.quiver.error.GateFailed].
///
/// Immutable: each call gives another gate.
public final class Gate {
    private final List<NamedClause> clauses;
    private final Optional<String> quarantine;
    private final GateLimits limits;
    private final Optional<Instant> now;
    private final Privacy privacy;

    private Gate(
            List<NamedClause> clauses,
            Optional<String> quarantine,
            GateLimits limits,
            Optional<Instant> now,
            Privacy privacy) {
        this.clauses = List.copyOf(clauses);
        this.quarantine = quarantine;
        this.limits = limits;
        this.now = now;
        this.privacy = privacy;
    }

    /// A gate without rules: all rows pass.
    public static Gate rules() {
        return new Gate(
                List.of(), Optional.empty(), GateLimits.NONE, Optional.empty(), Privacy.NONE);
    }

    /// The gate that a YAML file declares; see the guide for its form.
    ///
    /// @throws QuiverException naming the file and what it doesn't understand
    public static Gate yaml(Path file) {
        return GateYaml.read(file);
    }

    /// This gate as YAML, which [#yaml] reads back.
    ///
    /// @throws QuiverException for rules that are Java: functions, and frames that aren't files
    public String toYaml() {
        return GateYaml.text(this);
    }

    Gate with(Clause clause) {
        var all = new ArrayList<>(clauses);
        all.add(new NamedClause(clause.word(), clause));
        return new Gate(all, quarantine, limits, now, privacy);
    }

    private Gate with(GateLimits other) {
        return new Gate(clauses, quarantine, other, now, privacy);
    }

    /// The column is of that type. A column of a CSV file is read as that type, whatever its first
    /// rows look like, and rows whose text isn't a value of it are bad (rule `type`).
    public Gate type(String column, DataType type) {
        return with(new Clause.Type(column, type));
    }

    /// The column has a value in every row.
    public Gate notNull(String column) {
        return with(new Clause.NotNull(column));
    }

    /// From `min` to `max`, both included.
    public Gate range(String column, Object min, Object max) {
        return with(new Clause.Range(column, Optional.of(min), Optional.of(max)));
    }

    /// `min` or greater.
    public Gate atLeast(String column, Object min) {
        return with(new Clause.Range(column, Optional.of(min), Optional.empty()));
    }

    /// `max` or smaller.
    public Gate atMost(String column, Object max) {
        return with(new Clause.Range(column, Optional.empty(), Optional.of(max)));
    }

    /// Texts of `min` to `max` code points.
    public Gate length(String column, int min, int max) {
        if (min < 0 || max < min)
            throw invalid(
                    "length(\"%s\", %d, %d)".formatted(column, min, max),
                    "give the smaller length first; lengths are 0 or more");
        return with(new Clause.Length(column, min, max));
    }

    /// Texts that the regular expression (RE2 syntax) describes as a whole; `.*` at the ends lets
    /// it occur anywhere.
    public Gate matches(String column, String regex) {
        return with(new Clause.Matches(column, regex));
    }

    /// One of these values.
    public Gate oneOf(String column, Object... values) {
        return oneOf(column, Arrays.asList(values));
    }

    /// One of these values.
    public Gate oneOf(String column, Collection<?> values) {
        if (values.isEmpty() || values.stream().anyMatch(v -> v == null))
            throw invalid(
                    "oneOf(\"%s\", %s)".formatted(column, values),
                    "list at least one value, and no null: nulls pass unless notNull(…) is said");
        return with(new Clause.OneOf(column, new ArrayList<Object>(values)));
    }

    /// No two rows of the whole load have the same values in these columns together: the first
    /// stays, in the order of the input, and the others are bad. Rows that break another rule don't
    /// count.
    public Gate unique(String column, String... more) {
        var columns = new ArrayList<String>();
        columns.add(column);
        columns.addAll(List.of(more));
        return with(new Clause.Unique(columns));
    }

    /// The value is one of those in column `of` of another frame, which is small.
    public Gate foreignKey(String column, DataFrame frame, String of) {
        return with(new Clause.ForeignKey(column, Optional.of(frame), "", of));
    }

    /// The value is one of those in column `of` of a CSV or Parquet file.
    public Gate foreignKey(String column, String file, String of) {
        return with(new Clause.ForeignKey(column, Optional.empty(), file, of));
    }

    /// A condition of your own, over any columns; null passes, as with SQL's CHECK.
    public Gate check(String name, Expr condition) {
        return with(new Clause.Check(TreeExpr.treeOf(condition))).named(name);
    }

    /// A function of your own, which is asked about rows that fulfil the other rules.
    public <R extends Record> Gate check(String name, Class<R> type, Fn<R, Boolean> function) {
        return with(new Clause.Agrees(type, function)).named(name);
    }

    /// A date or a time that is at most that old when the frame is made.
    public Gate fresh(String column, Duration within) {
        if (within.isNegative())
            throw invalid(
                    "fresh(\"%s\", %s)".formatted(column, within),
                    "say how old a row may be, such as Duration.ofDays(1)");
        return with(new Clause.Fresh(column, within));
    }

    /// Names the rule said last.
    public Gate named(String name) {
        if (clauses.isEmpty() || name.isEmpty())
            throw invalid(
                    "named(\"%s\") names no rule".formatted(name),
                    "say it behind a rule: notNull(\"dep_time\").named(\"departed\")");
        var all = new ArrayList<>(clauses);
        all.set(all.size() - 1, new NamedClause(name, all.getLast().clause()));
        return new Gate(all, quarantine, limits, now, privacy);
    }

    /// Keeps bad rows in the directory `path`, beside what is written: Parquet parts, or CSV ones
    /// when the path ends in `.csv` or `.csv/`. They appear together with the output.
    ///
    /// What is kept are the columns `source`, `row` (line number of text files), `column`, `rule`,
    /// `raw` (the row as the file has it) and `run`.
    public Gate quarantine(String path) {
        if (path.isEmpty())
            throw invalid("quarantine(\"\")", "name a directory, such as quarantine(\"out/bad/\")");
        return new Gate(clauses, Optional.of(path), limits, now, privacy);
    }

    /// More bad rows than this stop the load; nothing is published.
    public Gate atMostRows(long rows) {
        if (rows < 0)
            throw invalid("atMostRows(%d)".formatted(rows), "give a number that is 0 or more");
        return with(new GateLimits(rows, limits.shareMax()));
    }

    /// A greater share of bad rows than this, from 0 to 1, stops the load; nothing is published.
    public Gate atMostShare(double share) {
        if (!(share >= 0 && share <= 1))
            throw invalid("atMostShare(%s)".formatted(share), "give a share from 0 to 1");
        return with(new GateLimits(limits.rowsMax(), share));
    }

    /// The moment from which [#fresh] looks back; that at which the frame is made unless said.
    public Gate asOf(Instant moment) {
        return new Gate(clauses, quarantine, limits, Optional.of(moment), privacy);
    }

    /// Says that columns are about people. Their values pass; but neither the quarantine nor an
    /// error shows them, and a pipeline's audit log names the columns.
    ///
    /// A row in quarantine is JSON then, with asterisks for these columns, and one that can't be
    /// read has no text.
    public Gate personal(String column, String... more) {
        return shielded(new Privacy.Clear(), column, more);
    }

    /// Hides personal columns: texts become `***`, other values null. Rules see the values.
    ///
    /// @see #personal
    public Gate mask(String column, String... more) {
        return shielded(new Privacy.Masked(0), column, more);
    }

    /// Hides a personal column of texts but for their last `shown` code points: `***1234`. A text
    /// that isn't at least twice as long is hidden whole.
    ///
    /// @see #personal
    public Gate maskAllBut(String column, int shown) {
        if (shown < 1)
            throw invalid(
                    "maskAllBut(\"%s\", %d)".formatted(column, shown),
                    "say how many letters at the end still show, or mask(…) to show none");
        return shielded(new Privacy.Masked(shown), column);
    }

    /// Makes hashes of personal columns, which become texts of 32 letters: the first 128 bits of
    /// HMAC-SHA-256 of the value's text. Equal values have equal hashes, so they can be joined,
    /// grouped and counted. Null stays null. Rules see the values.
    ///
    /// @see #personal
    public Gate hash(HashKey key, String column, String... more) {
        return shielded(new Privacy.Hashed(key), column, more);
    }

    private Gate shielded(Privacy.Shield shield, String column, String... more) {
        Privacy longer = privacy.with(column, shield);
        for (String other : more) longer = longer.with(other, shield);
        return with(longer);
    }

    Gate with(Privacy other) {
        return new Gate(clauses, quarantine, limits, now, other);
    }

    /// The personal columns, each with what becomes of it: `clear`, `masked` or `hashed`.
    public Map<String, String> personalColumns() {
        var words = new LinkedHashMap<String, String>();
        privacy.columns().forEach((column, shield) -> words.put(column, shield.word()));
        return Collections.unmodifiableMap(words);
    }

    Privacy privacy() {
        return privacy;
    }

    List<NamedClause> clauses() {
        return clauses;
    }

    /// Where bad rows are kept, as it was said.
    public Optional<String> quarantinePath() {
        return quarantine;
    }

    /// How many bad rows a load may have.
    public GateLimits limits() {
        return limits;
    }

    Instant now() {
        return now.orElseGet(Instant::now);
    }

    static QuiverException invalid(String what, String fix) {
        return new QuiverException(ErrorCode.ARGUMENT_INVALID, what, List.of("in: a gate"), fix);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Gate gate
                && clauses.equals(gate.clauses)
                && quarantine.equals(gate.quarantine)
                && limits.equals(gate.limits)
                && now.equals(gate.now)
                && privacy.equals(gate.privacy);
    }

    @Override
    public int hashCode() {
        return clauses.hashCode() * 31 + quarantine.hashCode();
    }

    @Override
    public String toString() {
        return "Gate[" + String.join(", ", clauses.stream().map(NamedClause::name).toList()) + "]";
    }
}
