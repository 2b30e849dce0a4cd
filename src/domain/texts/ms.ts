/** Malay. */
import type { Texts } from './situation.ts'

// biome-ignore format: a table is read by column
export const ms: Texts = {
  paid:          ['Telah dibayar. Serahkan barang.', 'Pembayaran berjaya.'],
  wait:          ['Belum diputuskan. Tunggu; jangan serahkan barang.', 'Pembayaran sedang diproses. Sila tunggu dan jangan bayar lagi.'],
  confirm:       ['Minta pelanggan mengesahkan di telefon.', 'Sila sahkan pembayaran dalam dompet anda.'],
  wait_long:     ['Menunggu rangkaian. Keputusan selewat-lewatnya esok.', 'Pembayaran anda sedang disemak. Keputusan selewat-lewatnya esok; jangan bayar lagi.'],
  no_answer:     ['Tidak dibayar: tiada jawapan dalam masa. Cuba lagi.', 'Pembayaran gagal: tiada jawapan dalam masa. Anda tidak dicaj; cuba lagi.'],
  user_no:       ['Tidak dibayar: pelanggan menolak.', 'Anda menolak pembayaran ini.'],
  no_funds:      ['Tidak dibayar. Minta cara bayaran lain.', 'Baki dompet anda tidak mencukupi.'],
  declined:      ['Tidak dibayar: ditolak. Minta cara bayaran lain.', 'Pembayaran ditolak. Sila hubungi dompet anda atau guna cara lain.'],
  order_closed:  ['Pesanan ini telah ditutup. Buat kod baharu.', 'Pesanan ini telah ditutup. Minta kod baharu daripada kedai.'],
  order_paid:    ['Pesanan ini telah dibayar.', 'Pesanan ini telah pun dibayar.'],
  merchant_off:  ['Kedai ini tidak boleh menerima bayaran ini. Hubungi pemeroleh anda.', 'Kedai ini tidak boleh menerima bayaran ini. Guna cara lain.'],
  cancelled:     ['Pembayaran telah dibatalkan.', 'Pembayaran telah dibatalkan. Semua wang anda dikembalikan.'],
  refund_wait:   ['Bayaran balik sedang diproses.', 'Bayaran balik anda sedang diproses.'],
  refunded:      ['Telah dibayar balik.', 'Wang anda telah dikembalikan.'],
  refund_other:  ['Dompet akan memulangkan wang dengan cara lain.', 'Akaun anda telah ditutup. Dompet akan memulangkan wang dengan cara lain.'],
  code_bad:      ['Kod tidak dapat dibaca. Tunjuk atau imbas lagi.', 'Kod ini tidak dapat dibaca. Imbas lagi.'],
  code_expired:  ['Kod telah tamat tempoh. Minta kod baharu.', 'Kod telah tamat tempoh. Sila guna kod baharu.'],
  code_used:     ['Kod telah digunakan. Minta kod baharu.', 'Kod ini telah digunakan. Tunjuk kod baharu.'],
  not_served:    ['Kod atau dompet ini tidak boleh digunakan di sini. Minta cara lain.', 'Kod ini tidak boleh dibayar dengan dompet anda. Guna cara lain.'],
  amount:        ['Semak jumlah dan cuba lagi.', 'Sila semak jumlah.'],
  limit:         ['Jumlah melebihi had. Minta cara bayaran lain.', 'Jumlah melebihi had anda.'],
  quote_expired: ['Tidak dibayar: terlalu lambat. Imbas lagi.', 'Harga telah tamat tempoh. Sila imbas lagi.'],
  try_again:     ['Tiada sambungan buat masa ini. Cuba lagi.', 'Tiada sambungan buat masa ini. Sila cuba lagi.'],
  not_found:     ['Tiada pembayaran sedemikian.', 'Tiada pembayaran sedemikian.'],
  too_late:      ['Terlalu lewat untuk membatalkan. Buat bayaran balik.', 'Terlalu lewat untuk membatalkan. Minta bayaran balik daripada kedai.'],
  refund_no:     ['Bayaran balik ini tidak boleh dibuat. Semak jumlah dan tarikh.', 'Bayaran balik ini tidak boleh dibuat. Sila tanya kedai.'],
  technical:     ['Ralat teknikal. Hubungi pemeroleh anda.', 'Ralat teknikal. Sila hubungi dompet anda.'],
}
