package dev.quiver.io.csv;

import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Text in some encoding as UTF-8.
///
/// Bytes that don't belong to the encoding become [#UNDECODABLE], which no UTF-8 holds: whoever
/// checks that finds them in their row.
final class DecodedBytes implements ByteSource {
    static final byte UNDECODABLE = (byte) 0xFF;

    private static final int INPUT_BYTES = 32 << 10;

    /// What this takes of memory: two bytes a character, and up to three of UTF-8.
    private static final int BYTES = INPUT_BYTES * 6;

    private final ByteSource source;
    private final MemoryAccount account;
    private final CharsetDecoder decoder;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    private final ByteBuffer input = ByteBuffer.allocate(INPUT_BYTES).limit(0);
    private final CharBuffer characters = CharBuffer.allocate(INPUT_BYTES);
    private final ByteBuffer output = ByteBuffer.allocate(INPUT_BYTES * 3 + 1).limit(0);
    private @Nullable String undecodable;
    private long inputBase;
    private boolean atEnd;
    private boolean flushed;
    private boolean closed;

    /// Takes the source over.
    ///
    /// @param account pays until this is closed
    DecodedBytes(ByteSource source, Charset charset, MemoryAccount account) {
        this.source = source;
        this.account = account;
        this.decoder =
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        account.reserve(BYTES);
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public int read(MemorySegment into, long offset, int length) {
        while (!output.hasRemaining()) {
            if (flushed) return -1;
            decode();
        }
        int count = Math.min(length, output.remaining());
        MemorySegment.copy(
                output.array(), output.position(), into, ValueLayout.JAVA_BYTE, offset, count);
        output.position(output.position() + count);
        return count;
    }

    /// The first bytes that couldn't be decoded: `81 at byte offset 17`; null while there are none.
    @Nullable String undecodable() {
        return undecodable;
    }

    private void decode() {
        output.clear();
        characters.clear();
        CoderResult result = decoder.decode(input, characters, atEnd);
        if (result.isUnderflow() && atEnd) {
            result = decoder.flush(characters);
            flushed = result.isUnderflow();
        }
        characters.flip();
        encoder.reset();
        CoderResult encoded = encoder.encode(characters, output, true);
        if (!encoded.isUnderflow()) throw new IllegalStateException(encoded.toString());
        if (result.isError()) pass(result.length());
        else if (result.isUnderflow() && !atEnd) fill();
        output.flip();
    }

    /// Puts the mark for bytes that can't be decoded.
    private void pass(int count) {
        if (undecodable == null) {
            var bytes = new StringBuilder();
            for (int i = 0; i < count; i++)
                bytes.append("%02X ".formatted(input.get(input.position() + i)));
            undecodable = "%sat byte offset %d".formatted(bytes, inputBase + input.position());
        }
        input.position(input.position() + count);
        output.put(UNDECODABLE);
    }

    private void fill() {
        inputBase += input.position();
        input.compact();
        int count =
                source.read(
                        MemorySegment.ofArray(input.array()), input.position(), input.remaining());
        if (count < 0) atEnd = true;
        else input.position(input.position() + count);
        input.flip();
    }

    @Override
    public long bytesRead() {
        return source.bytesRead();
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        account.release(BYTES);
        source.close();
    }
}
