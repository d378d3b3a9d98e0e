// A text in UTF-16, as 1C has it, in memory of the host.
#pragma once
#include "platform.hpp"
#include <stdint.h>

class Text {
public:
    Text() : Text(u"") {}
    Text(const char16_t *text) : Text(text, count(text)) {}
    Text(const char16_t *units, size_t length) : length_(length) {
        units_ = static_cast<char16_t *>(platform::allocate((length + 1) * sizeof(char16_t)));
        for (size_t i = 0; i < length; i++) units_[i] = units[i];
        units_[length] = 0;
    }
    Text(const Text &other) : Text(other.units_, other.length_) {}
    Text &operator=(const Text &other) {
        if (this != &other) {
            Text copy(other);
            char16_t *units = units_;
            units_ = copy.units_, length_ = copy.length_;
            copy.units_ = units;
        }
        return *this;
    }
    ~Text() { platform::release(units_); }

    const char16_t *units() const { return units_; }
    size_t length() const { return length_; }
    bool is_empty() const { return length_ == 0; }

    bool operator==(const Text &other) const {
        return length_ == other.length_ && find(other) == 0;
    }
    bool operator!=(const Text &other) const { return !(*this == other); }

    static constexpr size_t NOWHERE = static_cast<size_t>(-1);

    size_t find(const Text &part, size_t from = 0) const {
        for (size_t at = from; at + part.length_ <= length_; at++) {
            size_t same = 0;
            while (same < part.length_ && units_[at + same] == part.units_[same]) same++;
            if (same == part.length_) return at;
        }
        return NOWHERE;
    }
    bool has(const Text &part) const { return find(part) != NOWHERE; }

    Text part(size_t from, size_t length) const { return Text(units_ + from, length); }

    // What stands between the first `before` and the next `after`; nothing when they are not there.
    Text between(const Text &before, const Text &after) const {
        size_t start = find(before);
        if (start == NOWHERE) return Text();
        start += before.length_;
        size_t end = find(after, start);
        return end == NOWHERE ? Text() : part(start, end - start);
    }

    // In capitals or small letters, both alphabets that names have.
    Text cased(bool in_capitals) const {
        Text text(*this);
        for (size_t i = 0; i < text.length_; i++) {
            char16_t &unit = text.units_[i];
            if (in_capitals) {
                if (unit >= u'a' && unit <= u'z') unit -= 0x20;
                if (unit >= u'а' && unit <= u'я') unit -= 0x20;
            } else {
                if (unit >= u'A' && unit <= u'Z') unit += 0x20;
                if (unit >= u'А' && unit <= u'Я') unit += 0x20;
            }
        }
        return text;
    }

    static size_t count(const char16_t *text) {
        size_t length = 0;
        while (text[length]) length++;
        return length;
    }

private:
    char16_t *units_;
    size_t length_;
};

inline Text operator+(const Text &left, const Text &right) {
    size_t length = left.length() + right.length();
    auto *units = static_cast<char16_t *>(platform::allocate((length + 1) * sizeof(char16_t)));
    for (size_t i = 0; i < length; i++)
        units[i] = i < left.length() ? left.units()[i] : right.units()[i - left.length()];
    Text sum(units, length);
    platform::release(units);
    return sum;
}

// Prints a text as UTF-8.
inline void print(const Text &text) {
    char bytes[4];
    for (size_t i = 0; i < text.length(); i++) {
        uint32_t c = text.units()[i];
        if (c >= 0xd800 && c < 0xdc00 && i + 1 < text.length())
            c = 0x10000 + ((c - 0xd800) << 10) + (text.units()[++i] - 0xdc00u);
        size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        for (size_t k = length; k-- > 1; c >>= 6) bytes[k] = static_cast<char>(0x80 | (c & 0x3f));
        constexpr unsigned char MARKS[] = {0, 0, 0xc0, 0xe0, 0xf0};
        bytes[0] = static_cast<char>(MARKS[length] | c);
        platform::print(bytes, length);
    }
}

// A number from 0 on, in digits.
inline Text digits(uint64_t number) {
    char16_t units[20];
    size_t at = 20;
    do {
        units[--at] = static_cast<char16_t>(u'0' + number % 10);
    } while (number /= 10);
    return Text(units + at, 20 - at);
}
