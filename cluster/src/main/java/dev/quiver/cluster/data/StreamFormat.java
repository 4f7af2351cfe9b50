package dev.quiver.cluster.data;

import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.Wire;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.FileNote;
import java.util.List;

/// What workers say to each other on a stream of outputs.
///
/// The asking side sends [Ask]s. The serving side sends frames: four bytes, the length of a
/// [Header], the header, and bytes of bodies. The bodies of all that was announced follow each
/// other in the order of their announcement, cut into frames anywhere: small outputs share a frame,
/// large ones take many.
///
/// A body is the buffers of its columns end to end, in the order of [ColumnLayout]'s words. Schemas
/// and the words of dictionaries are told once a stream.
public interface StreamFormat {
    Wire<Ask> ASK = Wire.of(Ask.class, Foreign.NONE);
    Wire<Header> HEADER = Wire.of(Header.class, Foreign.NONE);

    /// @param wanted to be answered, each once
    /// @param cancelled requests that need no answer any more; they may still get one
    record Ask(List<Wanted> wanted, List<Long> cancelled) implements StreamFormat {}

    /// @param request a number that this side hasn't used on this stream
    /// @param slice −1 for the whole output, −2 for the rows of its slices
    /// @param reader the worker that asks, which may be sent to another one that has asked before
    ///   and will be one that others are sent to; −1 when that isn't wanted
    record Wanted(long request, int stage, int partition, int attempt, int slice, int reader)
            implements StreamFormat {}

    record Header(List<Notice> notices) implements StreamFormat {}

    sealed interface Notice extends StreamFormat {}

    /// A schema has the number `schema` from now on: 0, 1, 2, ….
    record SchemaTold(int schema, Schema fields) implements Notice {}

    /// The codes `[from, to)` of a dictionary, whose earlier ones were told before. Body: int32
    /// offsets, one more than there are codes, and `bytes` bytes of UTF-8 from the first to the
    /// last of them.
    ///
    /// @param dictionary its number on this stream
    /// @param stage of the output that brought it first
    /// @param column of that output, counted over all columns, also inner ones
    record WordsTold(int dictionary, int stage, int column, int from, int to, int bytes)
            implements Notice {}

    /// The answer to a request. Body: what the content says.
    record Answer(long request, Content content) implements Notice {}

    sealed interface Content extends StreamFormat {}

    /// The output isn't sent.
    sealed interface Unsent extends Content {}

    /// This worker doesn't hold it.
    record Missing() implements Unsent {}

    /// This worker is about to have a copy: ask again in a moment.
    record Coming() implements Unsent {}

    /// Another worker has a copy, or will have it soon.
    record Elsewhere(int worker) implements Unsent {}

    /// All slices of an output.
    record Slices(List<Slice> slices, List<FileNote> notes) implements Content {}

    /// One slice of an output, where that was asked for.
    record Slice(List<ChunkLayout> chunks) implements Content {}

    /// A join's table: its rows, then the columns of keys that aren't among them.
    record Table(ChunkLayout rows, List<KeyLayout> keys) implements Content {}

    /// A sorted run: its rows, then the columns of keys that aren't among them.
    record Run(ChunkLayout rows, List<KeyLayout> keys, List<FileNote> notes) implements Content {}

    /// An object's bytes.
    record ObjectOf(int bytes) implements Content {}

    record ChunkLayout(int schema, int rows, List<ColumnLayout> columns) implements StreamFormat {}

    sealed interface KeyLayout extends StreamFormat {}

    /// The key is a column of the rows.
    record SameKey(int column) implements KeyLayout {}

    /// The key is a column of its own.
    record OtherKey(DataType type, ColumnLayout column) implements KeyLayout {}

    /// How a column lies in the body. Each begins with the bitmap of its validity when some rows
    /// are null.
    sealed interface ColumnLayout extends StreamFormat {}

    /// Values of one width.
    record Fixed(boolean nulls) implements ColumnLayout {}

    /// A bitmap of values.
    record Bits(boolean nulls) implements ColumnLayout {}

    /// int32 offsets, one more than there are rows, and bytes.
    ///
    /// @param base the first offset
    record Variable(boolean nulls, int base, int bytes) implements ColumnLayout {}

    /// int32 codes below `words` of a dictionary.
    record Coded(boolean nulls, int dictionary, int words) implements ColumnLayout {}

    /// int32 offsets, and elements.
    ///
    /// @param base what to take from each offset
    record Listed(boolean nulls, int base, int elementRows, ColumnLayout elements)
            implements ColumnLayout {}

    /// The fields.
    record Structured(boolean nulls, List<ColumnLayout> fields) implements ColumnLayout {}
}
