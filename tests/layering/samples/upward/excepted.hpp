// A sample that an exception names: it is not looked at. It is never compiled.
#pragma once

#include <boost/asio/ip/tcp.hpp>
