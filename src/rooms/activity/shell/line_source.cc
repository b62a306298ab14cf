#include "rooms/activity/shell/line_source.h"

#include <cstdio>
#include <cstring>

#include <zlib.h>

#include "base/fault.h"

namespace tanpuhui {
namespace {

constexpr std::size_t buffer_size = 1 << 18;  // stays in the cache of a core
constexpr std::size_t packed_size = 256 * 1024;
constexpr int gzip_window = 15 + 16;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

/// Bytes of the file, unpacked where it is packed.
struct LineSource::Input {
  explicit Input(const std::string& path) : file(std::fopen(path.c_str(), "rb")), packed(packed_size) {
    if (!file) return;
    stream.avail_in = static_cast<uInt>(std::fread(packed.data(), 1, packed.size(), file.get()));
    stream.next_in = packed.data();
    is_gzip = stream.avail_in >= 2 && packed[0] == 0x1f && packed[1] == 0x8b;
    if (is_gzip && inflateInit2(&stream, gzip_window) != Z_OK) throw Fault(path + ": no memory to unpack");
  }
  ~Input() {
    if (is_gzip) inflateEnd(&stream);
  }

  /// Bytes written to `out`; 0 at the end or at a problem.
  std::size_t read(char* out, std::size_t size, Outcome& problem) {
    if (!file) return problem = Outcome::file_unreadable, 0;
    const std::size_t count = is_gzip ? unpack(out, size, problem) : copy(out, size);
    if (std::ferror(file.get())) problem = Outcome::file_unreadable;
    return count;
  }

 private:
  std::size_t copy(char* out, std::size_t size) {
    if (stream.avail_in == 0) return std::fread(out, 1, size, file.get());
    const std::size_t count = std::min<std::size_t>(size, stream.avail_in);
    std::memcpy(out, stream.next_in, count);
    stream.next_in += count;
    stream.avail_in -= static_cast<uInt>(count);
    return count;
  }

  bool fill() {
    if (stream.avail_in > 0) return true;
    stream.avail_in = static_cast<uInt>(std::fread(packed.data(), 1, packed.size(), file.get()));
    stream.next_in = packed.data();
    return stream.avail_in > 0;
  }

  std::size_t unpack(char* out, std::size_t size, Outcome& problem) {
    stream.next_out = reinterpret_cast<Bytef*>(out);
    stream.avail_out = static_cast<uInt>(size);
    while (stream.avail_out == size) {
      if (!fill()) {
        if (!member_ended) problem = Outcome::file_truncated;
        return 0;
      }
      // Packed files may be joined: a further member follows.
      if (member_ended && inflateReset(&stream) != Z_OK) return problem = Outcome::file_unreadable, 0;
      const int code = inflate(&stream, Z_NO_FLUSH);
      member_ended = code == Z_STREAM_END;
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        return problem = Outcome::file_unreadable, size - stream.avail_out;
    }
    return size - stream.avail_out;
  }

  std::unique_ptr<std::FILE, CloseFile> file;
  std::vector<Bytef> packed;
  z_stream stream{};
  bool is_gzip = false;
  bool member_ended = false;
};

LineSource::LineSource(const std::string& path)
    : input_(std::make_unique<Input>(path)), buffer_(buffer_size + line_padding) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  refill();
  if (std::string_view(buffer_.data(), end_).starts_with(mark)) begin_ = mark.size();
}
LineSource::~LineSource() = default;

bool LineSource::refill() {
  if (ended_) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const std::size_t count = input_->read(buffer_.data() + end_, buffer_size - end_, problem_);
  end_ += count;
  ended_ = count == 0 || problem_ != Outcome::received;
  return !ended_;
}

bool LineSource::find_line(std::string_view& line) {
  const void* found = std::memchr(buffer_.data() + begin_, '\n', end_ - begin_);
  if (!found) return false;
  const auto size = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()) - begin_;
  line = {buffer_.data() + begin_, size};
  begin_ += size + 1;
  return true;
}

bool LineSource::at_end() {
  while (begin_ == end_ && refill()) {
  }
  return begin_ == end_ || problem_ != Outcome::received;
}

bool LineSource::next(std::string_view& line) {
  too_long_ = false;
  while (!find_line(line)) {
    if (end_ - begin_ > line_size_max) {
      too_long_ = true;
      begin_ = end_;
    }
    if (refill()) continue;
    if (problem_ != Outcome::received || (begin_ == end_ && !too_long_)) return false;
    line = {buffer_.data() + begin_, end_ - begin_};
    begin_ = end_;
    break;
  }
  too_long_ = too_long_ || line.size() > line_size_max;
  if (too_long_) line = {};
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

}  // namespace tanpuhui
