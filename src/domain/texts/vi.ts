/** Vietnamese. */
import type { Texts } from './situation.ts'

// biome-ignore format: a table is read by column
export const vi: Texts = {
  paid:          ['Đã thanh toán. Hãy giao hàng.', 'Thanh toán thành công.'],
  wait:          ['Chưa có kết quả. Hãy chờ; chưa giao hàng.', 'Đang xử lý thanh toán. Vui lòng chờ và không trả lại lần nữa.'],
  confirm:       ['Đề nghị khách xác nhận trên điện thoại.', 'Vui lòng xác nhận thanh toán trong ví.'],
  wait_long:     ['Đang chờ mạng lưới. Chậm nhất ngày mai có kết quả.', 'Thanh toán đang được kiểm tra. Chậm nhất ngày mai có kết quả; đừng trả lại lần nữa.'],
  no_answer:     ['Chưa thanh toán: không có trả lời kịp thời. Hãy thử lại.', 'Thanh toán không thành công: không có trả lời kịp thời. Bạn chưa bị trừ tiền; hãy thử lại.'],
  user_no:       ['Chưa thanh toán: khách từ chối.', 'Bạn đã từ chối thanh toán.'],
  no_funds:      ['Chưa thanh toán. Đề nghị cách trả khác.', 'Số dư trong ví không đủ.'],
  declined:      ['Chưa thanh toán: bị từ chối. Đề nghị cách trả khác.', 'Thanh toán bị từ chối. Hãy hỏi ví của bạn hoặc trả cách khác.'],
  order_closed:  ['Đơn hàng đã đóng. Hãy tạo mã mới.', 'Đơn hàng đã đóng. Hãy xin cửa hàng mã mới.'],
  order_paid:    ['Đơn hàng này đã được trả.', 'Đơn hàng này đã được trả.'],
  merchant_off:  ['Cửa hàng không nhận được khoản này. Hãy gọi tổ chức chấp nhận thanh toán.', 'Cửa hàng không nhận được khoản này. Hãy trả cách khác.'],
  cancelled:     ['Thanh toán đã bị hủy.', 'Thanh toán đã bị hủy. Bạn nhận lại toàn bộ tiền.'],
  refund_wait:   ['Đang hoàn tiền.', 'Tiền hoàn của bạn đang được xử lý.'],
  refunded:      ['Đã hoàn tiền.', 'Tiền của bạn đã được hoàn lại.'],
  refund_other:  ['Ví sẽ hoàn tiền bằng cách khác.', 'Tài khoản của bạn đã đóng. Ví sẽ hoàn tiền bằng cách khác.'],
  code_bad:      ['Không đọc được mã. Hãy đưa hoặc quét lại.', 'Không đọc được mã này. Hãy quét lại.'],
  code_expired:  ['Mã đã hết hạn. Hãy xin mã mới.', 'Mã đã hết hạn. Vui lòng dùng mã mới.'],
  code_used:     ['Mã đã được dùng. Hãy xin mã mới.', 'Mã này đã được dùng. Hãy đưa mã mới.'],
  not_served:    ['Mã hoặc ví này không dùng được ở đây. Đề nghị cách trả khác.', 'Ví của bạn không trả được mã này. Hãy trả cách khác.'],
  amount:        ['Kiểm tra số tiền rồi thử lại.', 'Vui lòng kiểm tra số tiền.'],
  limit:         ['Số tiền vượt hạn mức. Đề nghị cách trả khác.', 'Số tiền vượt hạn mức của bạn.'],
  quote_expired: ['Chưa thanh toán: quá chậm. Hãy quét lại.', 'Báo giá đã hết hạn. Vui lòng quét lại.'],
  try_again:     ['Tạm thời mất kết nối. Hãy thử lại.', 'Tạm thời mất kết nối. Vui lòng thử lại.'],
  not_found:     ['Không có thanh toán như vậy.', 'Không có thanh toán như vậy.'],
  too_late:      ['Quá hạn hủy. Hãy hoàn tiền.', 'Quá hạn hủy. Hãy đề nghị cửa hàng hoàn tiền.'],
  refund_no:     ['Không thể hoàn khoản này. Kiểm tra số tiền và ngày.', 'Không thể hoàn khoản này. Vui lòng hỏi cửa hàng.'],
  technical:     ['Lỗi kỹ thuật. Hãy gọi tổ chức chấp nhận thanh toán.', 'Lỗi kỹ thuật. Vui lòng liên hệ ví của bạn.'],
}
